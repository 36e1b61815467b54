import { readFileSync } from "node:fs";
import { ConfigError } from "../lib/errors";
import { local } from "./local";
import { parseConfig, type Config, type ConfigInput } from "./schema";

/** Configurations that need no file, by network. */
const BY_NETWORK: Record<string, ConfigInput> = { hardhat: local, localhost: local };

/** The network's own configuration, or that of a JSON file of the same shape. */
export function loadConfig(network: string, file?: string): Config {
  if (file === undefined) {
    if (!Object.hasOwn(BY_NETWORK, network)) {
      throw new ConfigError(`there is no configuration for network ${network}: pass --config <file.json>`);
    }
    return parseConfig(BY_NETWORK[network]);
  }
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
  return parseConfig(input);
}

/** Every address of a contract that the configuration expects to exist, with the path of its field. */
export function externalAddresses(config: Config): [path: string, address: string][] {
  const found: [string, string][] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const isExternal = "kind" in value && value.kind === "external";
    for (const [key, child] of Object.entries(value)) {
      const here = Array.isArray(value) ? `${path}[${key}]` : `${path}${path === "" ? "" : "."}${key}`;
      if (isExternal && typeof child === "string" && child.startsWith("0x")) found.push([here, child]);
      else walk(child, here);
    }
  };
  walk(config, "");
  return found;
}
