import { ethers } from "hardhat";
import type { BaseWallet } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import type { AllocationManagerMock, InstantSlasher, OracleAvs } from "../../../typechain-types";

export const ether = ethers.parseEther;
export const WAD = 10n ** 18n;
export const HOUR = 3_600n;

/** A key that signs for an operator; not the operator's account. */
export const keyNumber = (n: number): BaseWallet => new ethers.Wallet(ethers.toBeHex(1_000 + n, 32));

export const strategyNumber = (n: number): string => ethers.toBeHex(0x5757 + n, 20);

/** An oracle that does not look how far a report is from the median. */
export const NO_ACCURACY = {
  boundBps: 0n,
  slashWad: 0n,
  cooldown: 0n,
  veto: { vetoWindow: 0n, executionWindow: 0n, secondsPerBlock: 12n, committee: ethers.ZeroAddress },
};

/** Three of the last seven rounds cost a seat. */
export const ATTENDANCE = { absences: 3n, ofRounds: 7n };

/** Evidence of two values for one round. */
export function evidenceOf(round: bigint, values: [bigint, bigint], signatures: [string, string]): string {
  return ethers.AbiCoder.defaultAbiCoder().encode(
    ["uint64", "uint256", "bytes", "uint256", "bytes"],
    [round, values[0], signatures[0], values[1], signatures[1]],
  );
}

export interface Report {
  operatorSetId: bigint;
  round: bigint;
  value: bigint;
}

const DOMAIN = { name: "Trellis Oracle AVS", version: "1" };
const REPORT = {
  Report: [
    { name: "operatorSetId", type: "uint32" },
    { name: "round", type: "uint64" },
    { name: "value", type: "uint256" },
  ],
};
const REGISTRATION = { KeyRegistration: [{ name: "operator", type: "address" }] };

/** Signs a report for `verifyingContract`, by default on this chain. */
export async function signReport(
  key: BaseWallet,
  verifyingContract: string,
  report: Report,
  chainId = 31_337n,
): Promise<string> {
  return key.signTypedData({ ...DOMAIN, chainId, verifyingContract }, REPORT, report);
}

/** What an operator hands the registrar to bring its key. */
export async function keyData(key: BaseWallet, avs: OracleAvs, operator: string): Promise<string> {
  const domain = { ...DOMAIN, chainId: 31_337n, verifyingContract: await avs.getAddress() };
  const signature = await key.signTypedData(domain, REGISTRATION, { operator });
  return ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes"], [key.address, signature]);
}

/** An oracle with two sets (two strategies, given in descending order, and one) that slashes half. */
export async function oracle() {
  const signers = await ethers.getSigners();
  const manager = (await ethers.deployContract("AllocationManagerMock")) as unknown as AllocationManagerMock;
  const strategies = [strategyNumber(2), strategyNumber(1)];
  const avs = (await ethers.deployContract("OracleAvs", [
    manager,
    ethers.ZeroAddress, // nobody is paid here
    "ipfs://oracle",
    [strategies, [strategies[0]]],
    { minStake: ether("1"), roundLength: HOUR, ...ATTENDANCE, slashWad: WAD / 2n, cooldown: 0n },
    NO_ACCURACY,
  ])) as unknown as OracleAvs;
  const slasher = (await ethers.getContractAt("InstantSlasher", await avs.slasher())) as unknown as InstantSlasher;
  const [alice, ...others] = signers;
  return { manager, avs, slasher, strategies, alice, operators: others };
}

type World = Awaited<ReturnType<typeof oracle>>;

/** Registers an operator with a key, and allocates all its stake to the set. */
export async function joins(
  { manager, avs, strategies }: World,
  operator: HardhatEthersSigner,
  key: BaseWallet,
  stake: bigint,
  operatorSetId = 0n,
): Promise<void> {
  const ofSet = operatorSetId === 0n ? strategies : strategies.slice(0, 1);
  for (const strategy of ofSet) await manager.setShares(operator, strategy, stake / BigInt(ofSet.length));
  await manager
    .connect(operator)
    .modifyAllocations(operator, [
      { operatorSet: { avs, id: operatorSetId }, strategies: ofSet, newMagnitudes: ofSet.map(() => WAD) },
    ]);
  const data = await keyData(key, avs, operator.address);
  await manager.connect(operator).registerForOperatorSets(operator, { avs, operatorSetIds: [operatorSetId], data });
}

/** Alice relays the report of operator `n` to set 0. */
export async function reports({ avs, operators }: World, n: number, round: bigint, value: bigint): Promise<void> {
  const signature = await signReport(keyNumber(n), await avs.getAddress(), { operatorSetId: 0n, round, value });
  await avs.report(operators[n], 0n, round, value, signature);
}

/** Three operators of 10, 20 and 30 ether of stake in set 0. */
export async function oracleOfThree() {
  const world = await oracle();
  for (const n of [0, 1, 2]) await joins(world, world.operators[n], keyNumber(n), ether("10") * BigInt(n + 1));
  return world;
}
