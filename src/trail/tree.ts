import { createHash } from 'node:crypto';

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
/** What RFC 6962 puts in front of a leaf and of a node, so that neither can be taken for the other. */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

export const leafHash = (leaf: Uint8Array): Buffer => sha256(LEAF, leaf);
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => sha256(NODE, left, right);

/** The right edge of a tree: the roots of its complete subtrees, the largest first. All that appending needs. */
export type Edge = { size: number; roots: readonly string[] };
export const emptyEdge: Edge = { size: 0, roots: [] };

/** A tree by RFC 6962 (2.1) that only grows. It holds one hash for each bit of its size. */
export function growingTree({ size: before, roots }: Edge = emptyEdge) {
  const edge: Buffer[] = roots.map((root) => Buffer.from(root, 'base64'));
  let size = before;
  return {
    append(leaf: Buffer): void {
      let hash = leaf;
      // Each trailing one bit of the size is a complete subtree that is now joined with its equal.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) hash = nodeHash(edge.pop() ?? hash, hash);
      edge.push(hash);
      size += 1;
    },
    size: () => size,
    root: (): Buffer => (edge.length === 0 ? sha256() : edge.reduceRight((right, left) => nodeHash(left, right))),
    edge: (): Edge => ({ size, roots: edge.map((root) => root.toString('base64')) }),
  };
}
export type GrowingTree = ReturnType<typeof growingTree>;
