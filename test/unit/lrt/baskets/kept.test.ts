import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import type { KeptMathHarness } from "../../../../typechain-types";

type Factor = Awaited<ReturnType<KeptMathHarness["one"]>>;
/** A part that left: of `whole`, `left` less than that. */
type Part = { whole: bigint; left: bigint };

const math = async () => (await ethers.deployContract("KeptMathHarness")) as unknown as KeptMathHarness;
const call = (f: Factor) => ({ mantissa: f.mantissa, exponent: f.exponent });

/** From a millionth of a millionth of the supply up to all but a millionth of a millionth of it. */
const part: fc.Arbitrary<Part> = fc.bigInt(10n ** 16n, 10n ** 27n).chain((whole) =>
  fc.oneof(
    fc.bigInt(1n, 10n ** 12n).map((left) => ({ whole, left })),
    fc.bigInt(1n, whole - 1n).map((left) => ({ whole, left })),
    fc.bigInt(1n, 10n ** 12n).map((stays) => ({ whole, left: whole - stays })),
  ),
);

/** The exact product of what was kept, as a fraction. */
function exactly(parts: Part[]): [numerator: bigint, denominator: bigint] {
  return parts.reduce<[bigint, bigint]>(([n, d], { whole, left }) => [n * (whole - left), d * whole], [1n, 1n]);
}

const up = (n: bigint, d: bigint): bigint => (n + d - 1n) / d;

describe("KeptMath", () => {
  it("keeps what exact fractions keep: never less, and at most two wei more in any number of strikes", async () => {
    const kept = await loadFixture(math);
    const arbitrary = fc.record({
      before: fc.array(part, { maxLength: 12 }),
      after: fc.array(part, { minLength: 1, maxLength: 12 }),
      amount: fc.bigInt(0n, 2n ** 96n),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ before, after, amount }) => {
        let mark = await kept.one();
        for (const { left, whole } of before) mark = await kept.afterUp(call(mark), left, whole);
        let now = mark;
        for (const { left, whole } of after) now = await kept.afterUp(call(now), left, whole);
        const [n, d] = exactly(after);
        const exact = up(amount * n, d);
        const measured = await kept.keptUp(amount, call(mark), call(now));
        expect(measured).to.be.within(exact, exact + 2n);
        expect(measured).to.be.at.most(amount);
        expect(now.mantissa).to.be.within(2n ** 127n, 2n ** 128n - 1n);
      }),
      { numRuns: 60 },
    );
  });

  it("gives one basket of many its part of a pot, and of what left the pot, as exact fractions do: to a wei in 2^40 of the amount", async () => {
    const kept = await loadFixture(math);
    const arbitrary = fc.record({
      parts: fc.array(part, { minLength: 3, maxLength: 8 }),
      at: fc.nat({ max: 7 }),
      amount: fc.bigInt(1n, 2n ** 96n),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ parts, at, amount }) => {
        const i = at % parts.length;
        const factors = [call(await kept.one())];
        for (const { left, whole } of parts)
          factors.push(call(await kept.afterUp(factors[factors.length - 1], left, whole)));
        const [mark, last] = [factors[0], factors[factors.length - 1]];
        // The part of number i is K_i − K_(i+1) of the pot, and of what left it 1 / (1 − K_n) of that.
        const [[n0, d0], [n1, d1], [n, d]] = [parts.slice(0, i), parts.slice(0, i + 1), parts].map(exactly);
        const [numerator, denominator] = [n0 * d1 - n1 * d0, d0 * d1];
        const close = amount / 2n ** 40n + 1n;
        const ofPot = await kept.partDown(amount, mark, factors[i], factors[i + 1]);
        const exact = (amount * numerator) / denominator;
        expect(ofPot).to.be.within(exact > close ? exact - close : 0n, exact + close);
        const ofLeft = await kept.betweenDown(amount, mark, factors[i], factors[i + 1], last);
        const ofLeftExactly = (amount * numerator * d) / (denominator * (d - n));
        expect(ofLeft).to.be.within(ofLeftExactly > close ? ofLeftExactly - close : 0n, ofLeftExactly + close);
        expect(await kept.betweenDown(amount, mark, mark, factors[1], last)).to.equal(
          await kept.leftDown(amount, mark, factors[1], last),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("divides among baskets as exact fractions do, to a wei in 2^40 of the amount, and never more than there is", async () => {
    const kept = await loadFixture(math);
    const arbitrary = fc.record({
      parts: fc.array(part, { minLength: 2, maxLength: 8 }),
      amount: fc.bigInt(1n, 2n ** 96n),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ parts, amount }) => {
        const factors = [await kept.one()];
        for (const { left, whole } of parts)
          factors.push(await kept.afterUp(call(factors[factors.length - 1]), left, whole));
        const last = call(factors[factors.length - 1]);
        const measured = await kept.leftDown(amount, call(factors[0]), call(factors[1]), last);
        // The first one's part of all that left: (1 − K1) / (1 − Kn).
        const [n1, d1] = exactly(parts.slice(0, 1));
        const [n, d] = exactly(parts);
        const [numerator, denominator] = [(d1 - n1) * d, (d - n) * d1];
        const exact = (amount * numerator) / denominator;
        const close = amount / 2n ** 40n + 1n;
        expect(measured).to.be.within(exact > close ? exact - close : 0n, exact + close);
        expect(measured).to.be.at.most(amount);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps all of a factor when next to nothing leaves, and normalises it when next to nothing stays", async () => {
    const kept = await loadFixture(math);
    const one = await kept.one();
    expect(one.mantissa).to.equal(2n ** 127n);
    const crumb = await kept.afterUp(call(one), 1n, 10n ** 27n);
    expect(crumb.exponent).to.equal(1n);
    expect(crumb.mantissa).to.be.at.most(2n ** 128n - 1n);
    const all = await kept.afterUp(call(one), 2n ** 127n - 1n, 2n ** 127n);
    expect([all.mantissa, all.exponent]).to.deep.equal([2n ** 127n, 127n]);
    const twice = await kept.afterUp(call(all), 2n ** 127n - 1n, 2n ** 127n);
    expect([twice.mantissa, twice.exponent]).to.deep.equal([2n ** 127n, 254n]);
    // What is left of anything is rounded up, to its last unit; from one mark to itself all of it is kept.
    expect(await kept.keptUp(10n ** 24n, call(one), call(twice))).to.equal(1n);
    expect(await kept.keptUp(0n, call(one), call(twice))).to.equal(0n);
    expect(await kept.keptUp(10n ** 24n, call(twice), call(twice))).to.equal(10n ** 24n);
  });

  it("refuses that everything leaves: the first shares are nobody's", async () => {
    const kept = await loadFixture(math);
    const one = call(await kept.one());
    await expect(kept.afterUp(one, 10n ** 18n, 10n ** 18n)).to.be.revertedWithPanic(0x11);
  });
});
