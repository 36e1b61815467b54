import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getStorageLayout, getUnlinkedBytecode, getVersion, type ValidationData } from "@openzeppelin/upgrades-core";
import { expect } from "chai";
import { keccak256, toBeHex, toUtf8Bytes, AbiCoder } from "ethers";
import hre, { artifacts } from "hardhat";
import { PROXIES } from "../../deploy/steps/names";

const SNAPSHOTS = join(__dirname, "../snapshots/storage");
const UPGRADEABLE = [...PROXIES, "OperatorDelegator"];

interface Field {
  label: string;
  type: string;
  slot: string;
  offset: number;
}

/** A contract's storage: fields by ERC-7201 namespace, and the structs they are made of; no compiler's numbers in it. */
interface Layout {
  plain: Field[];
  namespaces: Record<string, Field[]>;
  structs: Record<string, Field[]>;
}

function validations(): ValidationData {
  return JSON.parse(readFileSync(join(hre.config.paths.cache, "validations.json"), "utf8")) as ValidationData;
}

async function layoutOf(contract: string): Promise<Layout> {
  const { bytecode } = await artifacts.readArtifact(contract);
  const data = validations();
  const layout = getStorageLayout(data, getVersion(getUnlinkedBytecode(data, bytecode), bytecode));
  const label = (type: string): string => layout.types[type]?.label ?? type;
  const field = (item: { label: string; type: string; slot?: string; offset?: number }): Field => ({
    label: item.label,
    type: label(item.type),
    slot: item.slot ?? "",
    offset: item.offset ?? 0,
  });
  const structs: Record<string, Field[]> = {};
  for (const { label: name, members } of Object.values(layout.types)) {
    if (members === undefined || !name.startsWith("struct ")) continue;
    structs[name] = members.flatMap((member) => (typeof member === "string" ? [] : [field(member)]));
  }
  return {
    plain: layout.storage.map(field),
    namespaces: Object.fromEntries(
      Object.entries(layout.namespaces ?? {})
        .sort()
        .map(([name, items]) => [name, items.map(field)]),
    ),
    structs: Object.fromEntries(Object.entries(structs).sort()),
  };
}

/** keccak256(abi.encode(uint256(keccak256(name)) - 1)) & ~0xff, as ERC-7201 says. */
function slotOf(namespace: string): string {
  const inner = BigInt(keccak256(toUtf8Bytes(namespace))) - 1n;
  const hash = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [inner])));
  return toBeHex(hash & ~0xffn, 32);
}

describe("storage", () => {
  for (const contract of UPGRADEABLE) {
    it(`of ${contract} lies at the slot of its name, and nowhere else`, async () => {
      const { plain, namespaces } = await layoutOf(contract);
      const own = Object.keys(namespaces).filter((name) => !name.includes("openzeppelin"));
      expect(plain).to.deep.equal([]);
      expect(own).to.deep.equal([`erc7201:trellis.${contract}`]);
      const { sourceName, deployedBytecode } = await artifacts.readArtifact(contract);
      const slot = slotOf(`trellis.${contract}`);
      const source = readFileSync(join(hre.config.paths.root, sourceName), "utf8");
      expect(/bytes32 private constant STATE_SLOT = (0x[0-9a-f]{64});/.exec(source)?.[1]).to.equal(slot);
      expect(deployedBytecode).to.include(slot.slice(2));
    });

    it(`of ${contract} is laid out as in its snapshot`, async () => {
      const file = join(SNAPSHOTS, `${contract}.json`);
      const actual = await layoutOf(contract);
      if (!existsSync(file)) {
        // Delete a snapshot to have it written anew. A changed line is a conversation, so this run fails.
        mkdirSync(SNAPSHOTS, { recursive: true });
        writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
        expect.fail(`${contract} had no snapshot; it was written`);
      }
      expect(actual).to.deep.equal(JSON.parse(readFileSync(file, "utf8")));
    });
  }
});
