import { ethers } from "hardhat";
import { eotsKey, eotsNonce, finalityData } from "../../../scripts/sim/avs";
import { signEots, type EotsPoint } from "../../../scripts/sim/eots";
import { leafOf, MerkleTree } from "../../../scripts/sim/merkle";
import type { FinalityAvs, InstantSlasher } from "../../../typechain-types";
import { allocates, becomesOperator, engine, ether, joins, WAD } from "./engine";

export const COOLDOWN = 3_600n;
export const HEIGHTS = 8; // of the epoch, for which the tests commit nonces
export const block = (text: string): string => ethers.id(text);
const LEAF = ["uint32", "uint64", "uint256", "address"];

/** Three operators of 100 who serve sets 0 and 1 with half of their stake each. */
export async function finality() {
  const [deployer, alice, ...operators] = await ethers.getSigners();
  const core = await engine(deployer);
  const avs = (await ethers.deployContract("FinalityAvs", [
    core.allocation,
    core.rewards,
    "ipfs://finality",
    [core.strategies, core.strategies],
    { minStake: ether("1"), slashWad: WAD / 5n, cooldown: COOLDOWN },
  ])) as unknown as FinalityAvs;
  const slasher = (await ethers.getContractAt("InstantSlasher", await avs.slasher())) as unknown as InstantSlasher;
  for (const operator of operators.slice(0, 3)) {
    await becomesOperator(core, operator, ether("100"));
    await joins(core, operator, avs, await finalityData(avs, operator.address), [0n, 1n]);
    for (const id of [0n, 1n]) await allocates(core, operator, avs, WAD / 2n, id);
  }
  return { ...core, avs, slasher, alice, operators };
}

/** The nonces of an operator: one for every height of set 0 and of set 1, and a second one for height 7 of set 0. */
export function noncesOf(avs: string, operator: string) {
  const entries = [0, 1].flatMap((set) =>
    Array.from({ length: HEIGHTS }, (_, height) => ({ set, height, nonce: eotsNonce(avs, operator, set, height) })),
  );
  entries.push({ set: 0, height: 7, nonce: eotsNonce(avs, operator, "second") });
  const tree = new MerkleTree(
    entries.map(({ set, height, nonce }) => leafOf(LEAF, [set, height, nonce.x, nonce.address])),
  );
  return { entries, tree };
}

/** All three committed their nonces. */
export async function voting() {
  const world = await finality();
  for (const { address } of world.operators.slice(0, 3)) await commits(world, address);
  return world;
}

export type World = Awaited<ReturnType<typeof finality>>;

export async function commits({ avs }: World, operator: string, root?: string, key?: EotsPoint, epoch = 0n) {
  const at = await avs.getAddress();
  const committed = root ?? noncesOf(at, operator).tree.root;
  const message = await avs.commitMessage(operator, epoch, committed);
  const nonce = eotsNonce("commit", at, operator, epoch, committed);
  const s = signEots(key ?? eotsKey(at, operator), nonce, message);
  return avs.commitNonces(operator, epoch, committed, { nonceX: nonce.x, nonceY: nonce.y, s });
}

export interface Ballot {
  blockHash: string;
  s: bigint;
  nonce: { nonceX: bigint; nonceAddress: string; proof: string[] };
}

/** A signed vote; `as` says where it is signed for, `key` and `nonce` with what. */
export async function votes(
  { avs }: World,
  operator: string,
  height: number,
  blockHash: string,
  { set = 0, key, nonce: n, message }: { set?: number; key?: EotsPoint; nonce?: number; message?: string } = {},
): Promise<Ballot> {
  const at = await avs.getAddress();
  const { entries, tree } = noncesOf(at, operator);
  const index = n ?? entries.findIndex((e) => e.set === set && e.height === height);
  const { nonce } = entries[index];
  const signed = message ?? (await avs.voteMessage(set, height, blockHash));
  return {
    blockHash,
    s: signEots(key ?? eotsKey(at, operator), nonce, signed),
    nonce: { nonceX: nonce.x, nonceAddress: nonce.address, proof: tree.proof(index) },
  };
}

const VOTE = "tuple(bytes32 blockHash,uint256 s,tuple(uint256 nonceX,address nonceAddress,bytes32[] proof) nonce)";

export function evidenceOf(height: number, a: Ballot, b: Ballot): string {
  return ethers.AbiCoder.defaultAbiCoder().encode(["uint64", VOTE, VOTE], [height, a, b]);
}

/** Evidence of two votes of an operator for one height. */
export async function twice(world: World, operator: string, height = 3, set = 0): Promise<string> {
  const [a, b] = [
    await votes(world, operator, height, block("A"), { set }),
    await votes(world, operator, height, block("B"), { set }),
  ];
  return evidenceOf(height, a, b);
}
