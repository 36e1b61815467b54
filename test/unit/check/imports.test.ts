import { expect } from "chai";
import { imports } from "../../../scripts/check/rules/imports";
import { violations } from "./made-up";

const importing = (path: string) => `// SPDX\nimport {X} from "${path}";\ncontract A {}\n`;

describe("check: imports", () => {
  it("accepts packages and every allowed direction", () => {
    const found = violations(imports, {
      "contracts/shared/Math.sol": importing("@openzeppelin/contracts/utils/math/Math.sol"),
      "contracts/restaking/strategies/Strategy.sol": importing("../../shared/Math.sol"),
      "contracts/lrt/deposits/DepositPool.sol": importing("../../restaking/interfaces/IStrategy.sol"),
      "contracts/lrt/token/TrEth.sol": importing("../interfaces/ITrEth.sol"),
      "contracts/avs/PriceAvs.sol": importing("../restaking/interfaces/IStrategy.sol"),
      "contracts/mocks/lido/StETHMock.sol": importing("../../lrt/token/TrEth.sol"),
    });
    expect(found).to.deep.equal([]);
  });

  it("finds an import of the engine's implementation by lrt and by avs", () => {
    const found = violations(imports, {
      "contracts/lrt/deposits/DepositPool.sol": importing("../../restaking/strategies/Strategy.sol"),
      "contracts/avs/PriceAvs.sol": importing("contracts/restaking/strategies/Strategy.sol"),
    });
    expect(found).to.deep.equal([
      "contracts/avs/PriceAvs.sol:2 avs must not import contracts/restaking/strategies/Strategy.sol",
      "contracts/lrt/deposits/DepositPool.sol:2 lrt must not import contracts/restaking/strategies/Strategy.sol",
    ]);
  });

  it("finds imports against the arrow, of mocks and between avs and lrt", () => {
    const found = violations(imports, {
      "contracts/avs/PriceAvs.sol": importing("../lrt/token/TrEth.sol"),
      "contracts/lrt/token/TrEth.sol": importing("../../mocks/Any.sol"),
      "contracts/restaking/Pod.sol": importing("../lrt/token/TrEth.sol"),
      "contracts/shared/Math.sol": importing("../restaking/interfaces/IStrategy.sol"),
    });
    expect(found).to.have.length(4);
  });

  it("finds an import over several lines and ignores one in a comment", () => {
    const several = ["import {", "  A,", "  B", '} from "../lrt/B.sol";', '// import {C} from "../lrt/C.sol";'];
    expect(violations(imports, { "contracts/shared/A.sol": several })).to.deep.equal([
      "contracts/shared/A.sol:1 shared must not import contracts/lrt/B.sol",
    ]);
  });

  it("finds a double outside mocks and an unknown area", () => {
    const found = violations(imports, {
      "contracts/lrt/QueueHarness.sol": "contract QueueHarness {}",
      "contracts/misc/A.sol": "contract A {}",
    });
    expect(found).to.deep.equal([
      "contracts/lrt/QueueHarness.sol:1 QueueHarness belongs in contracts/mocks",
      "contracts/misc/A.sol contracts/misc is not a known area",
    ]);
  });
});
