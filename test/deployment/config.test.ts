import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { externalAddresses, loadConfig } from "../../deploy/config/load";
import { local } from "../../deploy/config/local";
import { parseConfig, type ConfigInput } from "../../deploy/config/schema";

const ROOT = join(__dirname, "../..");
const SOMEONE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

const someonesEngine: ConfigInput["engine"] = {
  kind: "external",
  delegationManager: SOMEONE,
  strategyManager: SOMEONE,
  allocationManager: SOMEONE,
  permissionController: SOMEONE,
  rewardsCoordinator: SOMEONE,
};

/** The local configuration with one change. */
function changed(change: (config: ConfigInput) => void): ConfigInput {
  const config = structuredClone(local);
  change(config);
  return config;
}

function problems(input: unknown): string[] {
  try {
    parseConfig(input);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

function written(content: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), "trellis-config-")), "config.json");
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe("deployment: configuration", () => {
  it("reads the local one into whole numbers and wei", () => {
    const config = loadConfig("localhost");
    expect(config.assets[0].cap).to.equal(1_000_000n * 10n ** 18n);
    expect(config.ether.minDeposit).to.equal(10n ** 14n);
    expect(config.accounting.growthCapBpsPerDay).to.equal(10n);
    expect(config.withdrawals.exitTimeSeconds).to.equal(432_600n);
    expect(loadConfig("sepolia", written(local))).to.deep.equal(config);
  });

  it("names the path of a wrong, a missing and an unknown field", () => {
    const wrong = changed((config) => {
      config.assets[0].haircutBps = 10_001;
      config.avss[0].sets[1].targetBps = -1;
      config.governance.admin = "0x12";
      config.ether.minDeposit = "1";
      Object.assign(config.accounting, { feeBp: 1 });
      Reflect.deleteProperty(config.deposits, "maxReportAgeSeconds");
    });
    const paths = problems(wrong).map((line) => line.split(":")[0]);
    expect(paths.sort()).to.deep.equal([
      "accounting.feeBp",
      "assets[0].haircutBps",
      "avss[0].sets[1].targetBps",
      "deposits.maxReportAgeSeconds",
      "ether.minDeposit",
      "governance.admin",
    ]);
    expect(problems("x")[0]).to.match(/^\(configuration\): /);
  });

  it("names the field that breaks a rule between fields", () => {
    const cases: [string, (config: ConfigInput) => void][] = [
      ["governance.adminDelaySeconds", (c) => (c.governance.adminDelaySeconds = 86_400)],
      [
        "withdrawals.exitTimeSeconds",
        (c) => Object.assign(c, { avss: [], withdrawals: { ...c.withdrawals, exitTimeSeconds: 86_400 } }),
      ],
      ["operators", (c) => c.operators.pop()],
      ["operators[1].name", (c) => (c.operators[1].name = c.operators[0].name)],
      ["operators[2].allocationDelayBlocks", (c) => (c.operators[2].allocationDelayBlocks = 9)],
      ["assets[3].asset", (c) => c.assets.push(c.assets[0])],
      ["assets[1].asset", (c) => delete c.rocketPool],
      ["assets[2].asset", (c) => delete c.coinbase],
      ["assets[1].strategy.underlying", (c) => (c.assets[1].strategy = c.assets[0].strategy)],
      ["assets[1].maxRateAgeSeconds", (c) => delete c.assets[1].maxRateAgeSeconds],
      ["assets[0].maxRateAgeSeconds", (c) => (c.assets[0].maxRateAgeSeconds = 1)],
      ["assets[2].market.boundBps", (c) => (c.assets[2].haircutBps = 20)],
      ["avss[1].name", (c) => (c.avss[1].name = c.avss[0].name)],
      ["avss", (c) => (c.avss[0].sets[0].targetBps = 9_000)],
      ["avss[0].sets", (c) => (c.avss[0].sets[1].id = 2)],
      ["avss[0].sets", (c) => (c.avss[0].sets = [])],
      ["avss[1].sets", (c) => c.avss[1].sets.pop()],
      ["avss[1].contract.accuracy", (c) => Object.assign(c.avss[1].contract, { roundSeconds: 150 })],
      ["avss[2].contract.responseSeconds", (c) => Object.assign(c.avss[2].contract, { responseSeconds: 600 })],
      [
        "avss[4].contract.canonicalDelaySeconds",
        (c) => Object.assign(c.avss[4].contract, { canonicalDelaySeconds: 600 }),
      ],
      ["avss[4].sets", (c) => (c.avss[4].sets = c.avss[3].sets)],
      ["assets[0].strategy.kind", (c) => (c.engine = someonesEngine)],
      ["accounting.feeBps", (c) => (c.accounting.feeBps = 2_001)],
      ["rewards.lotSeconds", (c) => (c.rewards.lotSeconds = 3_599)],
      ["rewards.cooldownSeconds", (c) => (c.rewards.cooldownSeconds = 43_199)],
      ["rewards.cooldownSeconds", (c) => (c.rewards.cooldownSeconds = 30 * 86_400 + 1)],
      ["rewards.startFactor", (c) => (c.rewards.startFactor = 101)],
      ["rewards.minLot", (c) => (c.rewards.minLot = "0 ether")],
      ["rewards.floors[0].price", (c) => (c.rewards.floors[0].price = "0 ether")],
      ["rewards.floors[1].name", (c) => c.rewards.floors.push(c.rewards.floors[0])],
      ["ether.inflowBps", (c) => (c.ether.inflowBps = 2_001)],
      ["assets[0].inflowBps", (c) => (c.assets[0].inflowBps = 0)],
      ["ether.inflowFloor", (c) => (c.ether.inflowFloor = "0.00009 ether")],
      ["assets[0].inflowFloor", (c) => (c.assets[0].inflowFloor = "1000001 ether")],
      ["assets[0].inflowFloor", (c) => Object.assign(c.assets[0], { inflowFloor: "0 ether", minDeposit: "0 ether" })],
    ];
    for (const [path, change] of cases) expect(problems(changed(change))[0].split(":")[0]).to.equal(path);
  });

  it("refuses the zero address: a role that it gets is lost", () => {
    const lost = changed((config) => (config.governance.admin = ZeroAddress));
    expect(problems(lost)).to.deep.equal(["governance.admin: is the zero address"]);
  });

  it("refuses an address whose checksum is wrong", () => {
    const mixedUp = changed((config) => (config.governance.admin = SOMEONE.replace("C51812dc", "c51812DC")));
    expect(problems(mixedUp)[0]).to.match(/^governance\.admin: .*checksum/);
  });

  for (const network of ["mainnet", "hoodi", "sepolia"]) {
    it(`has an example for ${network} in which every blank is named, and nothing else is wrong`, () => {
      const text = readFileSync(join(ROOT, `deploy/config/examples/${network}.json`), "utf8");
      const blanks = problems(JSON.parse(text)).map((line) => line.split(":")[0]);
      expect(blanks).to.have.length(text.split('"fill in"').length - 1);
      expect(blanks).to.include.members(["governance.admin", "accounting.feeRecipient", "operators[4].nodeOperator"]);
      const filled = JSON.parse(
        text
          .replaceAll('"metadataURI": "fill in"', '"metadataURI": "https://example.org"')
          .replaceAll("fill in", SOMEONE),
      ) as unknown;
      expect(problems(filled)).to.deep.equal([]);
    });
  }

  it("lists the contracts that must exist, with their paths", () => {
    const config = changed((c) => {
      c.weth = { kind: "external", address: SOMEONE };
      c.assets = [c.assets[0]];
      c.rocketPool = { kind: "external", rETH: SOMEONE, storage: SOMEONE };
      c.assets[0].market = { kind: "external", address: SOMEONE, heartbeatSeconds: 1, boundBps: 1 };
      c.assets[0].strategy = { kind: "external", address: SOMEONE };
      c.engine = someonesEngine;
    });
    expect(externalAddresses(parseConfig(config))).to.deep.equal([
      ["engine.delegationManager", SOMEONE],
      ["engine.strategyManager", SOMEONE],
      ["engine.allocationManager", SOMEONE],
      ["engine.permissionController", SOMEONE],
      ["engine.rewardsCoordinator", SOMEONE],
      ["weth.address", SOMEONE],
      ["rocketPool.rETH", SOMEONE],
      ["rocketPool.storage", SOMEONE],
      ["assets[0].strategy.address", SOMEONE],
      ["assets[0].market.address", SOMEONE],
    ]);
  });
});

describe("deployment: command", () => {
  const run = (...args: string[]) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const command = ["-r", "ts-node/register/transpile-only", "scripts/deploy.ts", ...args];
      execFile(process.execPath, command, { cwd: ROOT }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });

  it("ends with 2 and the path of the field when the configuration is wrong", async () => {
    const file = written(
      changed((config) => (config.engine = { ...config.engine, withdrawalDelayBlocks: 0 } as never)),
    );
    const { code, output } = await run("--config", file);
    expect(code).to.equal(2);
    expect(output).to.match(/^engine\.withdrawalDelayBlocks: /);
  });

  it("ends with 2 when an external contract has no code", async () => {
    const file = written(changed((config) => (config.weth = { kind: "external", address: SOMEONE })));
    const { code, output } = await run("--config", file);
    expect(output).to.equal(`weth.address: there is no contract at ${SOMEONE}\n`);
    expect(code).to.equal(2);
  });

  it("ends with 2 for a network without configuration, and for both modes at once", async () => {
    expect(await run("--network", "nowhere")).to.deep.equal({
      code: 2,
      output: "there is no configuration for network nowhere: pass --config <file.json>\n",
    });
    expect((await run("--verify", "--plan")).code).to.equal(2);
  });

  it("ends with 2 for a network that does not exist", async () => {
    const { code, output } = await run("--network", "nowhere", "--config", written(local));
    expect(output).to.contain("nowhere");
    expect(code).to.equal(2);
  });
});
