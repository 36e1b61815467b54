import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const COMMAND = ["-r", "ts-node/register/transpile-only", "scripts/deploy.ts", "--network", "localhost"];

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A node in a process of its own; resolves when it answers. */
async function startNode(): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const args = ["node_modules/hardhat/internal/cli/bootstrap.js", "node", "--hostname", "127.0.0.1", "--port"];
  const child = spawn(process.execPath, [...args, String(port)], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const url = `http://127.0.0.1:${port}`;
  await new Promise<void>((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-10_000);
      if (output.includes(`Started HTTP`)) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) => reject(new Error(`the node ended with ${code}:\n${output}`)));
  });
  return { child, url };
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

interface Ended {
  code: number | null;
  output: string;
}

describe("deployment: against a node", () => {
  let node: { child: ChildProcess; url: string };
  let provider: JsonRpcProvider;
  let addresses: string;
  let clean: string;

  const env = () => ({ ...process.env, CI: "1", LOCAL_RPC_URL: node.url, ADDRESSES_DIR: addresses });

  const deploy = (...args: string[]) =>
    new Promise<Ended>((resolve) => {
      execFile(process.execPath, [...COMMAND, ...args], { cwd: ROOT, env: env() }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });

  /** Runs the deployment and kills it when its output has `line`. */
  const interruptedAt = (line: string) =>
    new Promise<Ended>((resolve) => {
      const child = spawn(process.execPath, COMMAND, { cwd: ROOT, env: env(), stdio: ["ignore", "pipe", "ignore"] });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes(line)) child.kill("SIGKILL");
      });
      child.once("exit", (code) => resolve({ code, output }));
    });

  const nonce = async () => {
    const [deployer] = (await provider.send("eth_accounts", [])) as string[];
    return provider.getTransactionCount(deployer);
  };

  before(async function () {
    this.timeout(60_000);
    node = await startNode();
    provider = new JsonRpcProvider(node.url, undefined, { staticNetwork: true, cacheTimeout: -1 });
    clean = (await provider.send("evm_snapshot", [])) as string;
  });

  beforeEach(async () => {
    await provider.send("evm_revert", [clean]);
    clean = (await provider.send("evm_snapshot", [])) as string;
    addresses = mkdtempSync(join(tmpdir(), "trellis-node-"));
  });

  after(async () => {
    provider.destroy();
    await stop(node.child);
  });

  it("deploys; a second run sends nothing; verify finds no difference", async () => {
    const own = join(ROOT, "deploy/addresses/localhost.json");
    const developers = existsSync(own) ? readFileSync(own, "utf8") : undefined;

    const first = await deploy();
    expect(first.code, first.output).to.equal(0);
    const sent = await nonce();
    expect(first.output).to.match(new RegExp(`chain 31337: (\\d+) of \\1 steps done, ${sent} transactions sent\n$`));

    const second = await deploy();
    expect(second.code, second.output).to.equal(0);
    expect(second.output).to.contain("steps done, 0 transactions sent");
    expect(await nonce()).to.equal(sent);

    const verified = await deploy("--verify");
    expect(verified.code, verified.output).to.equal(0);
    expect(existsSync(own) ? readFileSync(own, "utf8") : undefined).to.equal(developers);
  });

  it("goes on where a killed run ended", async () => {
    const killed = await interruptedAt("→ set up Accountant");
    expect(killed.code).to.equal(null);
    expect(killed.output).to.not.contain("steps done");
    const before = await nonce();
    expect(before).to.be.greaterThan(10);

    const unfinished = await deploy("--verify");
    expect(unfinished.code).to.equal(1);

    const resumed = await deploy();
    expect(resumed.code, resumed.output).to.equal(0);
    expect(resumed.output).to.contain("lrt/DepositPool: ok").and.to.not.contain("→ set up DepositPool");
    expect(resumed.output).to.contain(`${(await nonce()) - before} transactions sent`);
    expect((await deploy("--verify")).code).to.equal(0);
  });
});
