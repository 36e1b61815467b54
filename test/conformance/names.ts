/** Names of a recording and the addresses they stand for on this chain. */
import { getAddress, ZeroAddress } from "ethers";

const FIXED = {
  zero: ZeroAddress,
  burn: "0x00000000000000000000000000000000000E16E4",
  beaconETH: "0xbeaC0eeEeeeeEEeEeEEEEeeEEeEeeeEeeEEBEaC0",
};

export class Names {
  private readonly addresses = new Map<string, string>();
  private readonly names = new Map<string, string>();

  constructor() {
    for (const [name, address] of Object.entries(FIXED)) this.bind(name, address);
  }

  bind(name: string, address: string): void {
    this.addresses.set(name, getAddress(address));
    this.names.set(address.toLowerCase(), name);
  }

  /** Address of `name`, written with or without the at sign. */
  address(name: string): string {
    const address = this.addresses.get(name.replace(/^@/, ""));
    if (address === undefined) throw new Error(`no address is called ${name}`);
    return address;
  }

  nameOf(address: string): string | undefined {
    return this.names.get(address.toLowerCase());
  }

  /** How a recording writes an address: "@name", or the address itself when it has none. */
  written(address: string): string {
    const name = this.nameOf(address);
    return name === undefined ? getAddress(address) : `@${name}`;
  }

  /** What a recording writes as an address. */
  resolve(written: string): string {
    return written.startsWith("@") ? this.address(written) : getAddress(written);
  }
}

/** The kind of contract behind a name, under which its interface is recorded. */
export function kindOf(name: string): string {
  const bare = name.replace(/^@/, "");
  if (/^strategy[A-D]$/.test(bare)) return "strategy";
  if (/^token[A-D]$/.test(bare)) return "token";
  if (/^pod\d+$/.test(bare)) return "eigenPod";
  if (bare.startsWith("registrar")) return "registrar";
  return bare;
}

const ENGINE = /^(.+Manager|.+Coordinator|.+Controller|pauserRegistry|strategy[A-D])$/;

/** Whether a contract of this name is part of the engine: no token, registrar or person. */
export function isEngine(name: string): boolean {
  return ENGINE.test(name);
}
