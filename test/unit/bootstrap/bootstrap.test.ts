import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "../../../scripts/bootstrap.cjs");

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

describe("bootstrap", () => {
  it("says in one line that Node is too old", () => {
    const preload = join(mkdtempSync(join(tmpdir(), "trellis-node-")), "old.cjs");
    for (const version of ["12.22.12", "20.18.3"]) {
      writeFileSync(preload, `Object.defineProperty(process, "versions", { value: { node: "${version}" } });`);
      expect(run("-r", preload, SCRIPT, "test")).to.deep.equal({
        status: 2,
        output: `Trellis needs Node 20.19 or newer; this is ${version}\n`,
      });
    }
  });

  it("has no syntax that Node 12 cannot parse", () => {
    const code = readFileSync(SCRIPT, "utf8").replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    expect(code).not.to.match(/\?\.|\?\?|\|\|=|&&=|"node:|#\w+\s*[=(;]|\d_\d/);
  });

  it("lists the targets when it is given none of them", () => {
    const { status, output } = run(SCRIPT, "toString");
    expect(status).to.equal(2);
    expect(output).to.match(/^usage: .*story \| test \| conformance \| walk \| campaign \| engine \| bench \| deploy/);
  });
});
