import { AbiCoder, getBytes, type Signer, Wallet, id as keccakText } from "ethers";
import type { OracleAvs } from "../../typechain-types";
import type { Contracts } from "./contracts";

/** Signing key of an operator at an AVS: a test key that follows from both. */
export function oracleKey(avs: string, account: string): Wallet {
  return new Wallet(keccakText(`trellis oracle key ${avs} ${account}`));
}

/** What the oracle AVS's registrar asks of an operator: its key, and the key's own signature. */
export async function registrationData(avs: OracleAvs, account: string): Promise<string> {
  const key = oracleKey(await avs.getAddress(), account);
  const digest = await avs.registrationDigest(account);
  const signature = key.signingKey.sign(digest).serialized;
  return AbiCoder.defaultAbiCoder().encode(["address", "bytes"], [key.address, getBytes(signature)]);
}

/** Registers operators for sets of an AVS, each by its node operator. */
export async function register(
  c: Contracts,
  avs: OracleAvs,
  setIds: bigint[],
  signerOf: (nodeOperator: string) => Promise<Signer>,
  operatorIds?: number[],
): Promise<void> {
  for (const [i, { account, nodeOperator }] of (await c.operators.operators()).entries()) {
    if (operatorIds !== undefined && !operatorIds.includes(i)) continue;
    const data = await registrationData(avs, account);
    const controller = c.controller.connect(await signerOf(nodeOperator));
    await (await controller.register(i, await avs.getAddress(), setIds, data)).wait();
  }
}

/** Two signatures of one operator for one round: evidence that anybody can bring. */
export async function proveEquivocation(
  c: Contracts,
  avsIndex: number,
  operatorId: number,
  setId: bigint,
  by: Signer,
): Promise<void> {
  const avs = c.avss[avsIndex];
  const { account } = await c.operators.operator(operatorId);
  const key = oracleKey(await avs.getAddress(), account);
  const round = await avs.currentRound();
  const [a, b] = [1_000n, 2_000n];
  const sign = async (value: bigint) => key.signingKey.sign(await avs.reportDigest(setId, round, value)).serialized;
  const slasher = c.slashers[avsIndex].connect(by);
  await (await slasher.proveEquivocation(account, setId, round, a, await sign(a), b, await sign(b))).wait();
}
