import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { hexlify, toUtf8Bytes, ZeroAddress } from "ethers";
import fc from "fast-check";
import { ethers } from "hardhat";
import { challengeOf, N, pointOf, signEots } from "../../../scripts/sim/eots";
import type { EotsMathHarness } from "../../../typechain-types";
import vectors from "./eots_vectors.json";

async function harness() {
  return (await ethers.deployContract("EotsMathHarness")) as unknown as EotsMathHarness;
}

const bytes = (text: string): string => hexlify(toUtf8Bytes(text));
const scalar = fc.bigInt(1n, N - 1n);

describe("EotsMath", () => {
  for (const [i, v] of vectors.entries()) {
    it(`verifies both signatures of vector ${i} and extracts its key`, async () => {
      const math = await loadFixture(harness);
      const e = [
        await math.challenge(v.pubRandX, v.pubX, bytes(v.msg1)),
        await math.challenge(v.pubRandX, v.pubX, bytes(v.msg2)),
      ];
      expect(e).to.deep.equal([BigInt(v.e1), BigInt(v.e2)]);
      const nonce = pointOf(BigInt(v.nonce));
      expect(nonce.x).to.equal(BigInt(v.pubRandX));
      expect(await math.nonceAddress(v.s1, e[0], v.pubX)).to.equal(nonce.address);
      expect(await math.nonceAddress(v.s2, e[1], v.pubX)).to.equal(nonce.address);
      const found = await math.extract(v.s1, e[0], v.s2, e[1]);
      expect(found).to.equal(BigInt(v.extracted));
      expect((await math.addressOf(found)).toLowerCase()).to.equal(v.evenKeyAddress);
      const key = pointOf(BigInt(v.sk));
      expect(await math.evenPointAddress(key.x, key.y)).to.equal(await math.addressOf(found));
    });
  }

  it("agrees with the signer, extracts any key from two signatures with one nonce, and from no others", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(scalar, scalar, scalar, fc.string(), fc.string(), async (d, k, other, one, two) => {
        fc.pre(one !== two && pointOf(k).x !== pointOf(other).x);
        const [key, nonce] = [pointOf(d), pointOf(k)];
        const messages = [bytes(one), bytes(two)];
        const s = messages.map((message) => signEots(key, nonce, message));
        const e = messages.map((message) => challengeOf(nonce.x, key.x, message));
        expect(await math.challenge(nonce.x, key.x, messages[0])).to.equal(e[0]);
        expect(await math.nonceAddress(s[0], e[0], key.x)).to.equal(nonce.address);
        expect(await math.addressOf(await math.extract(s[0], e[0], s[1], e[1]))).to.equal(key.address);
        const fresh = pointOf(other);
        const [sFresh, eFresh] = [signEots(key, fresh, messages[1]), challengeOf(fresh.x, key.x, messages[1])];
        expect(await math.addressOf(await math.extract(s[0], e[0], sFresh, eFresh))).to.not.equal(key.address);
      }),
      { numRuns: 40 },
    );
  });

  it("gives another nonce point for any other signature, message or key", async () => {
    const math = await loadFixture(harness);
    await fc.assert(
      fc.asyncProperty(scalar, scalar, scalar, async (d, k, noise) => {
        const [key, nonce, message] = [pointOf(d), pointOf(k), bytes("vote")];
        const [s, e] = [signEots(key, nonce, message), challengeOf(nonce.x, key.x, message)];
        expect(await math.nonceAddress((s + noise) % N, e, key.x)).to.not.equal(nonce.address);
        expect(await math.nonceAddress(s, (e + noise) % N, key.x)).to.not.equal(nonce.address);
        expect(await math.nonceAddress(s, e, pointOf(noise).x)).to.satisfy(
          (found: string) => found !== nonce.address || pointOf(noise).x === key.x,
        );
      }),
      { numRuns: 40 },
    );
  });

  it("finds no point where there is none", async () => {
    const math = await loadFixture(harness);
    const key = pointOf(5n);
    expect(await math.nonceAddress(N, 1n, key.x)).to.equal(ZeroAddress); // s not reduced
    expect(await math.nonceAddress(1n, 0n, key.x)).to.equal(ZeroAddress);
    expect(await math.nonceAddress(1n, N, key.x)).to.equal(ZeroAddress);
    expect(await math.nonceAddress(1n, 1n, 0n)).to.equal(ZeroAddress);
    expect(await math.nonceAddress(1n, 1n, N)).to.equal(ZeroAddress);
    expect(await math.nonceAddress(1n, 1n, 5n)).to.equal(ZeroAddress); // no point of the curve has this x
    expect(await math.extract(1n, 7n, 2n, 7n)).to.equal(0n);
    expect(await math.addressOf(0n)).to.equal(ZeroAddress);
    const prime = 2n ** 256n - 2n ** 32n - 977n;
    expect(await math.evenPointAddress(key.x, prime - key.y)).to.equal(ZeroAddress); // odd
    expect(await math.evenPointAddress(key.x, key.y + 2n)).to.equal(ZeroAddress); // off the curve
    expect(await math.evenPointAddress(key.x, key.y)).to.equal(key.address);
  });
});
