import { getAddress, solidityPackedKeccak256 } from "ethers";
import type { IRewardsCoordinator } from "../../typechain-types";
import { MerkleTree } from "./merkle";

const EARNER_LEAF = 0;
const TOKEN_LEAF = 1;

/** What an earner has earned of a token since ever. */
export interface Leaf {
  earner: string;
  token: string;
  amount: bigint;
}

export type Claim = IRewardsCoordinator.RewardsMerkleClaimStruct;

interface Earner {
  earner: string;
  leaves: Leaf[];
  tree: MerkleTree;
}

const byNumber = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0);

/** Earners in rising order of their addresses, each with his tokens in rising order; nothing is left out but zeros. */
export class Distribution {
  readonly leaves: Leaf[];
  private readonly earners: Earner[];
  private readonly tree: MerkleTree;

  constructor(leaves: Leaf[]) {
    this.leaves = leaves
      .filter(({ amount }) => amount > 0n)
      .map(({ earner, token, amount }) => ({ earner: getAddress(earner), token: getAddress(token), amount }))
      .sort((a, b) => byNumber(a.earner, b.earner) || byNumber(a.token, b.token));
    const names = [...new Set(this.leaves.map(({ earner }) => earner))];
    this.earners = names.map((earner) => {
      const own = this.leaves.filter((leaf) => leaf.earner === earner);
      const hashes = own.map(({ token, amount }) =>
        solidityPackedKeccak256(["uint8", "address", "uint256"], [TOKEN_LEAF, token, amount]),
      );
      return { earner, leaves: own, tree: new MerkleTree(hashes) };
    });
    const hashes = this.earners.map(({ earner, tree }) =>
      solidityPackedKeccak256(["uint8", "address", "bytes32"], [EARNER_LEAF, earner, tree.root]),
    );
    this.tree = new MerkleTree(hashes);
  }

  /** Zero when nobody has earned anything: by such a root nothing can be claimed. */
  get root(): string {
    return this.tree.root;
  }

  amountOf(earner: string, token: string): bigint {
    const same = (leaf: Leaf) => leaf.earner === getAddress(earner) && leaf.token === getAddress(token);
    return this.leaves.find(same)?.amount ?? 0n;
  }

  /** A claim of some of an earner's tokens, all of them by default. */
  claim(rootIndex: bigint, earner: string, tokens?: string[]): Claim {
    const index = this.earners.findIndex((e) => e.earner === getAddress(earner));
    if (index === -1) throw new Error(`${earner} has earned nothing`);
    const { leaves, tree } = this.earners[index];
    const wanted = tokens?.map((token) => getAddress(token));
    const indices = leaves.flatMap(({ token }, i) => (wanted === undefined || wanted.includes(token) ? [i] : []));
    return {
      rootIndex,
      earnerIndex: BigInt(index),
      earnerTreeProof: this.tree.proof(index),
      earnerLeaf: { earner: getAddress(earner), earnerTokenRoot: tree.root },
      tokenIndices: indices.map(BigInt),
      tokenTreeProofs: indices.map((i) => tree.proof(i)),
      tokenLeaves: indices.map((i) => ({ token: leaves[i].token, cumulativeEarnings: leaves[i].amount })),
    };
  }
}
