export const noPostgres: string;
export function findPostgres(env: Record<string, string | undefined>): string | undefined;
export function startPostgres(): Promise<{ url: string; stop: () => Promise<void>; restart: () => Promise<void> }>;
