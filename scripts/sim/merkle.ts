import { AbiCoder, concat, keccak256 } from "ethers";

/** The leaf of some values: hashed twice, so that no inner node is one. */
export function leafOf(types: string[], values: unknown[]): string {
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

const pair = (a: string, b: string): string => keccak256(BigInt(a) < BigInt(b) ? concat([a, b]) : concat([b, a]));

/** A Merkle tree of sorted pairs. One that stands alone goes up as it is. */
export class MerkleTree {
  private readonly layers: string[][];

  constructor(leaves: string[]) {
    if (leaves.length === 0) throw new Error("a tree has leaves");
    this.layers = [leaves];
    for (let layer = leaves; layer.length > 1; this.layers.push(layer)) {
      const below = layer;
      layer = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) =>
        2 * i + 1 < below.length ? pair(below[2 * i], below[2 * i + 1]) : below[2 * i],
      );
    }
  }

  get root(): string {
    return this.layers[this.layers.length - 1][0];
  }

  proof(index: number): string[] {
    let at = index;
    return this.layers.slice(0, -1).flatMap((layer) => {
      const sibling = layer[at ^ 1];
      at >>= 1;
      return sibling === undefined ? [] : [sibling];
    });
  }
}
