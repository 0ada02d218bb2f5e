/** How long a statement waits for a lock on either database: about as long as a person waits for a page. */
export const PATIENCE_MS = 5000;
