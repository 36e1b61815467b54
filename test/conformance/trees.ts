/** Trees of rewards that a recording declares: their roots, and claims by them. */
import { solidityPackedKeccak256 } from "ethers";
import { z } from "zod";
import { MerkleTree } from "../../scripts/rewards/merkle";
import type { Json, JsonObject } from "./recording";

const EARNER_LEAF = 0;
const TOKEN_LEAF = 1;

const declaration = z.object({
  earners: z.array(
    z.object({ earner: z.string(), tokens: z.array(z.object({ token: z.string(), amount: z.string() })) }),
  ),
});

const claim = z.object({
  root: z.coerce.string(),
  tree: z.number(),
  earner: z.number(),
  tokens: z.array(z.number()),
  with: z
    .object({
      rootIndex: z.coerce.string().optional(),
      earnerIndex: z.coerce.string().optional(),
      earnerTreeProof: z.string().optional(),
      tokenIndices: z.array(z.coerce.string()).optional(),
      amounts: z.array(z.string()).optional(),
      dropProof: z.boolean().optional(),
    })
    .optional(),
});

interface Earner {
  name: string;
  tokens: { token: string; amount: string }[];
  tree: MerkleTree;
}

export class Trees {
  private readonly trees: { earners: Earner[]; tree: MerkleTree }[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param address Of a name that the recording uses. */
  constructor(private readonly address: (name: string) => string) {}

  declare(written: Json): void {
    const earners = declaration.parse(written).earners.map(({ earner, tokens }) => ({
      name: earner,
      tokens,
      tree: new MerkleTree(
        tokens.map(({ token, amount }) =>
          solidityPackedKeccak256(["uint8", "address", "uint256"], [TOKEN_LEAF, this.address(token), amount]),
        ),
      ),
    }));
    const leaves = earners.map(({ name, tree }) =>
      solidityPackedKeccak256(["uint8", "address", "bytes32"], [EARNER_LEAF, this.address(name), tree.root]),
    );
    const tree = new MerkleTree(leaves);
    if (!this.numbers.has(tree.root)) this.numbers.set(tree.root, this.trees.length);
    this.trees.push({ earners, tree });
  }

  root(number: number): string {
    return this.at(number).tree.root;
  }

  /** Number of the tree that has this root. */
  numberOf(root: string): number | undefined {
    return this.numbers.get(root);
  }

  /** The fields of the claim that a recording describes. */
  claim(written: Json): JsonObject {
    const { root, tree, earner, tokens, with: spoiled = {} } = claim.parse(written);
    const { earners, tree: layers } = this.at(tree);
    const { name, tokens: all, tree: tokenTree } = earners[earner];
    const proofs = tokens.map((token) => tokenTree.proof(token));
    return {
      rootIndex: spoiled.rootIndex ?? root,
      earnerIndex: spoiled.earnerIndex ?? String(earner),
      earnerTreeProof: spoiled.earnerTreeProof ?? layers.proof(earner),
      earnerLeaf: { earner: name, earnerTokenRoot: tokenTree.root },
      tokenIndices: spoiled.tokenIndices ?? tokens.map(String),
      tokenTreeProofs: spoiled.dropProof === true ? proofs.slice(0, -1) : proofs,
      tokenLeaves: tokens.map((token, i) => ({
        token: all[token].token,
        cumulativeEarnings: spoiled.amounts?.[i] ?? all[token].amount,
      })),
    };
  }

  private at(number: number): { earners: Earner[]; tree: MerkleTree } {
    const found = this.trees.at(number);
    if (found === undefined) throw new Error(`tree ${number} is not declared yet`);
    return found;
  }
}
