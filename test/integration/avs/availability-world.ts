import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import { ethers } from "hardhat";
import { registrationData, signingKey } from "../../../scripts/sim/avs";
import { leafOf, MerkleTree } from "../../../scripts/sim/merkle";
import type { AvailabilityAvs, InstantSlasher } from "../../../typechain-types";
import { allocates, becomesOperator, BLOCK_SECONDS, engine, ether, joins, WAD } from "./engine";

export const BOND = ether("0.05");
export const WINDOW = 240n;
export const SERVICE = 3_600n;
export const COOLDOWN = 3_600n;
export const terms = {
  minStake: ether("1"),
  bond: BOND,
  responseWindow: WINDOW,
  secondsPerBlock: BLOCK_SECONDS,
  slashWad: WAD / 4n,
  cooldown: COOLDOWN,
};

const chunkNumber = (i: number): string => ethers.hexlify(ethers.toUtf8Bytes(`chunk number ${i}`));

/** Data in chunks, and what the AVS is told of it. */
export async function dataOf(chunks: number, { set = 0n, serveFor = SERVICE } = {}) {
  const data = Array.from({ length: chunks }, (_, i) => chunkNumber(i));
  const tree = new MerkleTree(data.map((chunk, i) => leafOf(["uint256", "bytes32"], [i, ethers.keccak256(chunk)])));
  const serveUntil = BigInt(await time.latest()) + serveFor;
  return { data, tree, blob: { root: tree.root, operatorSetId: set, chunks, serveUntil } };
}

/** Three operators of 100 who serve set 0 with half of their stake. */
export async function availability() {
  const [deployer, alice, bob, ...operators] = await ethers.getSigners();
  const core = await engine(deployer);
  const avs = (await ethers.deployContract("AvailabilityAvs", [
    core.allocation,
    core.rewards,
    "ipfs://availability",
    [core.strategies, core.strategies],
    terms,
  ])) as unknown as AvailabilityAvs;
  const slasher = (await ethers.getContractAt("InstantSlasher", await avs.slasher())) as unknown as InstantSlasher;
  for (const operator of operators.slice(0, 3)) {
    await becomesOperator(core, operator, ether("100"));
    await joins(core, operator, avs, await registrationData(avs, operator.address));
    await allocates(core, operator, avs, WAD / 2n);
  }
  return { ...core, avs, slasher, alice, bob, operators };
}

type World = Awaited<ReturnType<typeof availability>>;

/** The operator signs for its chunk of a blob, and somebody brings the signature. */
export async function accepts({ avs }: Pick<World, "avs">, operator: HardhatEthersSigner, blobId: string) {
  const key = signingKey(await avs.getAddress(), operator.address).signingKey;
  const digest = await avs.custodyDigest(blobId, await avs.chunkOf(blobId, operator));
  return avs.accept(blobId, operator, key.sign(digest).serialized);
}

/** A blob of five chunks that the first operator keeps. */
export async function keeping() {
  const world = await availability();
  const stored = await dataOf(5);
  await world.avs.submit(stored.blob);
  const blobId = await world.avs.blobIdOf(stored.blob);
  await accepts(world, world.operators[0], blobId);
  return { ...world, ...stored, blobId, operator: world.operators[0] };
}

export type Keeping = Awaited<ReturnType<typeof keeping>>;

export const challenges = ({ avs, alice, blobId, operator }: Keeping, value = BOND) =>
  avs.connect(alice).challenge(blobId, operator, { value });

/** The operator shows its chunk, or another one. */
export async function answers({ avs, bob, blobId, operator, data, tree }: Keeping, other?: number) {
  const index = other ?? Number(await avs.chunkOf(blobId, operator));
  return avs.connect(bob).answer(blobId, operator, data[index], tree.proof(index));
}

export const about = (blobId: string): string => ethers.AbiCoder.defaultAbiCoder().encode(["bytes32"], [blobId]);
export const punishes = ({ slasher, blobId, operator }: Keeping, set = 0n) =>
  slasher.slash(operator, set, about(blobId));
