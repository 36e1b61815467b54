/** What the engine says when it refuses. */
import { AbiCoder, type Interface } from "ethers";
import {
  AllocationManager__factory,
  DelegationManager__factory,
  PermissionController__factory,
  RewardsCoordinator__factory,
  StrategyBaseTVLLimits__factory,
  StrategyFactory__factory,
  StrategyManager__factory,
} from "../../../typechain-types";

/** All that the engine can answer with. */
export const KNOWN: Interface[] = [
  AllocationManager__factory,
  DelegationManager__factory,
  PermissionController__factory,
  RewardsCoordinator__factory,
  StrategyBaseTVLLimits__factory,
  StrategyFactory__factory,
  StrategyManager__factory,
].map((factory) => factory.createInterface());

/** What a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "not refused";
  } catch (error) {
    const { data } = error as { data?: string | { data?: string } };
    const bytes = typeof data === "string" ? data : data?.data;
    if (bytes === undefined) throw error; // not the contract's doing
    return written(bytes);
  }
}

function written(data: string): string {
  if (data === "0x") return "empty revert data";
  const body = "0x" + data.slice(10);
  if (data.startsWith("0x4e487b71")) return `Panic(0x${BigInt(body).toString(16)})`;
  if (data.startsWith("0x08c379a0")) return `Error(${String(AbiCoder.defaultAbiCoder().decode(["string"], body)[0])})`;
  return KNOWN.map((abi) => abi.parseError(data)?.name).find((name) => name !== undefined) ?? data;
}
