import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { artifacts } from "hardhat";
import { EventFragment, Fragment, FunctionFragment, Interface, type InterfaceAbi } from "ethers";
import { z } from "zod";

/** Contract of release 1.12.0 → the artifacts that answer at its address. A new contract is one more line. */
const OURS: Record<string, string[]> = {
  StrategyManager: ["StrategyManager"],
  DelegationManager: ["DelegationManager"],
  AllocationManager: ["AllocationManager", "AllocationManagerViews"],
  PermissionController: ["PermissionController"],
  RewardsCoordinator: ["RewardsCoordinator"],
  StrategyBase: ["StrategyBase"],
  StrategyBaseTVLLimits: ["StrategyBaseTVLLimits"],
  StrategyProxied: ["StrategyProxied"],
  StrategyFactory: ["StrategyFactory"],
  PauserRegistry: ["PauserRegistry"],
  IAVSRegistrar: ["IAVSRegistrar"],
};

/** Recorded under another name. */
const RECORDED: Record<string, string> = { StrategyProxied: "StrategyBase" };

const KINDS = { functions: "function", events: "event", errors: "error" } as const;
type Kind = keyof typeof KINDS;

const texts = z.record(z.string(), z.string());
const recordedAbi = z.object({ functions: texts, events: texts, errors: texts });
const differences = z.record(z.string(), z.object({ leftOut: texts, added: texts }));

const read = (file: string): unknown => JSON.parse(readFileSync(join(__dirname, "abi", file), "utf8"));
const DIFFERENCES = differences.parse(read("differences.json"));
/** Contract of the release → why we have none. */
const LEFT_OUT = z.record(z.string(), z.string().min(1)).parse(read("contracts-left-out.json"));
const NONE = { leftOut: {}, added: {} };

/** Selector, or topic of an event. */
function idOf(fragment: Fragment): string {
  if (fragment instanceof EventFragment) return fragment.topicHash;
  return (fragment as FunctionFragment).selector;
}

/** Everything that a caller can observe of a fragment: all but the names of its parameters. */
function meaning(fragment: Fragment): string {
  if (fragment instanceof EventFragment) {
    return `event ${fragment.name}(${fragment.inputs.map((p) => `${p.format()}${p.indexed ? " indexed" : ""}`).join()})`;
  }
  if (fragment instanceof FunctionFragment) {
    const outputs = fragment.outputs.map((p) => p.format()).join();
    return `function ${fragment.format()} ${fragment.stateMutability} (${outputs})`;
  }
  return `error ${fragment.format()}`;
}

/** Fragments of one kind by selector. */
function byId(fragments: readonly Fragment[], kind: Kind): Map<string, Fragment> {
  return new Map(fragments.filter(({ type }) => type === KINDS[kind]).map((f) => [idOf(f), f]));
}

async function ours(names: string[]): Promise<Fragment[]> {
  const abis = await Promise.all(names.map((name) => artifacts.readArtifact(name)));
  return abis.flatMap(({ abi }) => [...new Interface(abi as InterfaceAbi).fragments]);
}

for (const [contract, names] of Object.entries(OURS)) {
  describe(`the ABI of ${contract}`, () => {
    const recorded = recordedAbi.parse(read(`${RECORDED[contract] ?? contract}.json`));
    const { leftOut, added } = DIFFERENCES[contract] ?? NONE;
    let present: Fragment[];

    before(async () => {
      present = await ours(names);
    });

    for (const kind of ["functions", "events", "errors"] as const) {
      it(`has the recorded ${kind}, but for the listed ones`, () => {
        const own = byId(present, kind);
        for (const [id, text] of Object.entries(recorded[kind])) {
          const theirs = Fragment.from(`${KINDS[kind]} ${text}`);
          expect(idOf(theirs), text).to.equal(id); // the record agrees with itself
          const found = own.get(id);
          if (theirs.format() in leftOut) {
            expect(found, `${theirs.format()} is listed as left out, but is there`).to.be.undefined;
            continue;
          }
          expect(found, `${theirs.format()} is neither there nor listed as left out`).not.to.be.undefined;
          expect(meaning(found as Fragment)).to.equal(meaning(theirs));
        }
      });
    }

    it("adds nothing but what is listed", () => {
      const extra = (["functions", "events", "errors"] as const).flatMap((kind) =>
        [...byId(present, kind)].filter(([id]) => !(id in recorded[kind])).map(([, fragment]) => fragment.format()),
      );
      expect([...new Set(extra)].sort()).to.deep.equal(Object.keys(added).sort());
    });

    it("lists nothing that the release does not have", () => {
      const all = (["functions", "events", "errors"] as const).flatMap((kind) =>
        Object.values(recorded[kind]).map((text) => Fragment.from(`${KINDS[kind]} ${text}`).format()),
      );
      expect(Object.keys(leftOut).filter((name) => !all.includes(name))).to.deep.equal([]);
    });
  });
}

describe("the contracts of the release", () => {
  it("are checked when their ABI is recorded", () => {
    const files = readdirSync(join(__dirname, "abi")).map((file) => file.replace(".json", ""));
    const recorded = files.filter((name) => !["differences", "contracts-left-out"].includes(name));
    expect([...new Set(Object.keys(OURS).map((name) => RECORDED[name] ?? name))].sort()).to.deep.equal(recorded.sort());
  });

  it("are listed with a reason when we do not have them", async () => {
    const names = (await artifacts.getAllFullyQualifiedNames()).map((name) => name.split(":")[1]);
    expect(Object.keys(LEFT_OUT).filter((name) => names.includes(name) || name in OURS)).to.deep.equal([]);
  });

  it("have no differences listed but those of a contract that is checked", () => {
    expect(Object.keys(DIFFERENCES).filter((name) => !(name in OURS))).to.deep.equal([]);
  });
});
