import { concat, keccak256, ZeroHash } from "ethers";

/** A binary tree of hashes, filled up with zero words to a power of two: the engine's. */
export class MerkleTree {
  private readonly layers: string[][];

  constructor(leaves: string[]) {
    let size = 1;
    while (size < leaves.length) size *= 2;
    let layer = [...leaves, ...Array.from({ length: size - leaves.length }, () => ZeroHash)];
    this.layers = [layer];
    while (layer.length > 1) {
      const below = layer;
      layer = Array.from({ length: below.length / 2 }, (_, i) => keccak256(concat([below[2 * i], below[2 * i + 1]])));
      this.layers.push(layer);
    }
  }

  get root(): string {
    return this.layers[this.layers.length - 1][0];
  }

  /** Siblings from the leaf up. */
  proof(index: number): string {
    return concat(this.layers.slice(0, -1).map((layer, height) => layer[(index >> height) ^ 1]));
  }
}
