import { expect } from "chai";
import { Random } from "../../../scripts/story/random";

const first = (seed: number, label?: string): bigint[] => {
  const random = new Random(seed, label);
  return Array.from({ length: 20 }, () => random.next());
};

describe("Story randomness", () => {
  it("is the same for the same seed and label", () => {
    expect(first(7, "lido")).to.deep.equal(first(7, "lido"));
  });

  it("differs for another seed and for another label", () => {
    expect(first(7, "lido")).to.not.deep.equal(first(8, "lido"));
    expect(first(7, "lido")).to.not.deep.equal(first(7, "people"));
  });

  it("gives known numbers, on every machine", () => {
    expect(first(1).slice(0, 3)).to.deep.equal([1_533_919_252n, 1_350_175_853n, 4_208_309_711n]);
  });

  it("stays within its bounds and reaches both", () => {
    const random = new Random(3);
    const seen = new Set(Array.from({ length: 500 }, () => random.between(2n, 5n)));
    expect([...seen].sort()).to.deep.equal([2n, 3n, 4n, 5n]);
    expect(random.around(10_000n, 0n)).to.equal(10_000n);
    expect(random.chance(0n)).to.equal(false);
    expect(random.chance(10_000n)).to.equal(true);
  });
});
