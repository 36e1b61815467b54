import { AbiCoder, getBytes, id as keccakText, type Signer, Wallet } from "ethers";
import type { Config } from "../../deploy/config/schema";
import type { FinalityAvs, ISigningKeys, OracleAvs } from "../../typechain-types";
import type { Contracts } from "./contracts";
import { N, pointOf, signEots, type EotsPoint } from "./eots";

export type Kind = Config["avss"][number]["contract"]["kind"];
const coder = AbiCoder.defaultAbiCoder();

/* KEYS */

/** Signing key of an operator at an AVS: a test key that follows from both. */
export function signingKey(avs: string, account: string): Wallet {
  return new Wallet(keccakText(`trellis oracle key ${avs} ${account}`));
}

/** The same for votes that betray their key. */
export function eotsKey(avs: string, account: string): EotsPoint {
  return pointOf(BigInt(keccakText(`trellis eots key ${avs} ${account}`)) % N);
}

/** A nonce that is used for one thing only. */
export function eotsNonce(...names: unknown[]): EotsPoint {
  return pointOf(BigInt(keccakText(`trellis eots nonce ${names.map(String).join(" ")}`)) % N);
}

/* REGISTRATION */

/** What an AVS of signing keys asks of an operator: its key, and the key's own signature. */
export async function registrationData(avs: ISigningKeys, account: string, key?: Wallet): Promise<string> {
  const wallet = key ?? signingKey(await avs.getAddress(), account);
  const signature = wallet.signingKey.sign(await avs.registrationDigest(account)).serialized;
  return coder.encode(["address", "bytes"], [wallet.address, getBytes(signature)]);
}

/** What the finality AVS asks of an operator: its key as a point, and the key's own signature. */
export async function finalityData(avs: FinalityAvs, account: string, key?: EotsPoint): Promise<string> {
  const address = await avs.getAddress();
  const point = key ?? eotsKey(address, account);
  const message = await avs.registrationMessage(account);
  const nonce = eotsNonce(address, account, message);
  const signature = [nonce.x, nonce.y, signEots(point, nonce, message)];
  return coder.encode(
    ["uint256", "uint256", "tuple(uint256 nonceX,uint256 nonceY,uint256 s)"],
    [point.x, point.y, signature],
  );
}

/** Registers operators for sets of an AVS, each by its node operator. */
export async function register(
  c: Contracts,
  avs: string,
  setIds: bigint[],
  dataOf: (account: string) => Promise<string>,
  signerOf: (nodeOperator: string) => Promise<Signer>,
): Promise<void> {
  for (const [i, { account, nodeOperator }] of (await c.operators.operators()).entries()) {
    const controller = c.controller.connect(await signerOf(nodeOperator));
    await (await controller.register(i, avs, setIds, await dataOf(account))).wait();
  }
}

/* EVIDENCE */

/** Two signatures of one operator for one round. */
export async function equivocation(
  avs: OracleAvs,
  key: Wallet,
  setId: bigint,
  round: bigint,
  [a, b]: [bigint, bigint] = [1_000n, 2_000n],
): Promise<string> {
  const sign = async (value: bigint) => key.signingKey.sign(await avs.reportDigest(setId, round, value)).serialized;
  return coder.encode(["uint64", "uint256", "bytes", "uint256", "bytes"], [round, a, await sign(a), b, await sign(b)]);
}

/** An operator signs two values for the round of now, and somebody proves it. */
export async function proveEquivocation(
  c: Contracts,
  avsIndex: number,
  operatorId: number,
  setId: bigint,
  by: Signer,
): Promise<void> {
  const avs = c.avss[avsIndex];
  const { account } = await c.operators.operator(operatorId);
  const key = signingKey(await avs.getAddress(), account);
  const evidence = await equivocation(avs, key, setId, await avs.currentRound());
  await (await c.slashers[avsIndex].connect(by).slash(account, setId, evidence)).wait();
}
