import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { time } from "@nomicfoundation/hardhat-network-helpers";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";
import type { InstantSlasher, VerifierMock, VetoableSlasher } from "../../../typechain-types";
import { allocates, becomesOperator, BLOCK_SECONDS, engine, ether, joins, WAD } from "./engine";

export const VETO = 180n;
export const EXECUTION = 120n;
export const COOLDOWN = 3_600n;
export const SLASH = WAD / 10n;

/** What the mock verifier is told to say. */
export const says = (fault: number, committedAt: bigint): string =>
  ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint64"], [faultOf(fault), committedAt]);
export const faultOf = (fault: number): string => ethers.toBeHex(fault, 32);

export const veto = (committee: string, terms: Partial<Record<string, bigint>> = {}) => ({
  vetoWindow: VETO,
  executionWindow: EXECUTION,
  secondsPerBlock: BLOCK_SECONDS,
  committee,
  ...terms,
});

/** One AVS with set 0 (instant) and set 1 (vetoable); two operators with all of 100 allocated half and half. */
export async function slashers() {
  const [deployer, committee, successor, staker, alice, ...operators] = await ethers.getSigners();
  const core = await engine(deployer);
  const avs = (await ethers.deployContract("VerifierMock", [core.allocation])) as unknown as VerifierMock;
  const instant = (await ethers.deployContract("InstantSlasher", [
    core.allocation,
    avs,
    SLASH,
    COOLDOWN,
  ])) as unknown as InstantSlasher;
  const vetoable = (await ethers.deployContract("VetoableSlasher", [
    core.allocation,
    avs,
    SLASH,
    COOLDOWN,
    veto(committee.address),
  ])) as unknown as VetoableSlasher;
  await avs.createSet(0n, core.strategies, instant);
  await avs.createSet(1n, core.strategies, vetoable);
  for (const operator of operators.slice(0, 2)) {
    await becomesOperator(core, operator, ether("100"));
    await joins(core, operator, avs, "0x", [0n, 1n]);
    await allocates(core, operator, avs, WAD / 2n, 0n);
    await allocates(core, operator, avs, WAD / 2n, 1n);
  }
  return { ...core, avs, instant, vetoable, committee, successor, staker, alice, operators };
}

export type World = Awaited<ReturnType<typeof slashers>>;

/** Announces a fault of now, or of an earlier moment, against an operator; tells when it can be executed. */
export async function announces(
  { vetoable, operators }: World,
  fault = 1,
  { operator = operators[0], committedAt }: { operator?: HardhatEthersSigner; committedAt?: bigint } = {},
) {
  const at = committedAt ?? BigInt(await time.latest());
  await vetoable.announce(operator, 1n, says(fault, at));
  const id = await vetoable.announce.staticCall(operator, 1n, says(1_000_000 + fault, at)).then((next) => next - 1n);
  const { vetoUntil } = await vetoable.request(id);
  return { id, vetoUntil, until: vetoUntil + EXECUTION };
}

/** Does something in a block with exactly this time. */
export async function atTime(
  moment: bigint,
  act: () => Promise<ContractTransactionResponse>,
): Promise<ContractTransactionResponse> {
  await time.setNextBlockTimestamp(moment);
  return act();
}
