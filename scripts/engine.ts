/**
 * Deploys the engine with a test token, its strategy and an open registrar, to develop against.
 *   npm run engine -- --network localhost
 * Prints the addresses as JSON and writes them to cache/engine.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import type { InterfaceAbi } from "ethers";
import { deployKit } from "./engine/deploy";

const FILE = join(__dirname, "../cache/engine.json");

async function main(): Promise<void> {
  const program = new Command("engine").option("--network <name>", "network of hardhat.config.ts", "localhost").parse();
  // Hardhat picks its network when it is first imported.
  process.env.HARDHAT_NETWORK = program.opts<{ network: string }>().network;
  const { artifacts, ethers } = await import("hardhat");
  const [deployer] = await ethers.getSigners();
  const kit = await deployKit(deployer, async (name) => {
    const { abi, bytecode } = await artifacts.readArtifact(name);
    return { abi: abi as InterfaceAbi, bytecode };
  });
  const text = JSON.stringify(kit, null, 2);
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, text + "\n");
  console.log(text);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
