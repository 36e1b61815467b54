import { computeAddress, concat, dataSlice, getBytes, sha256, SigningKey, toBeHex, toUtf8Bytes } from "ethers";

/** Order of the curve secp256k1. */
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const TAG = sha256(toUtf8Bytes("BIP0340/challenge"));

/** A scalar and its point, which has an even y: the scalar is the one of both that gives it. */
export interface EotsPoint {
  scalar: bigint;
  x: bigint;
  y: bigint;
  address: string;
}

const word = (value: bigint): string => toBeHex(value, 32);

export function pointOf(scalar: bigint): EotsPoint {
  const { publicKey } = new SigningKey(word(scalar));
  const [x, y] = [BigInt(dataSlice(publicKey, 1, 33)), BigInt(dataSlice(publicKey, 33))];
  return y % 2n === 0n ? { scalar, x, y, address: computeAddress(publicKey) } : pointOf(N - scalar);
}

/** What a signature binds: nonce point, key and message. */
export function challengeOf(nonceX: bigint, keyX: bigint, message: string): bigint {
  return BigInt(sha256(concat([TAG, TAG, word(nonceX), word(keyX), sha256(getBytes(message))]))) % N;
}

/** Signs a message with a key and a nonce: s = k + e·d. */
export function signEots(key: EotsPoint, nonce: EotsPoint, message: string): bigint {
  return (nonce.scalar + challengeOf(nonce.x, key.x, message) * key.scalar) % N;
}
