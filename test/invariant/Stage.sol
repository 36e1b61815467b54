// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccountant} from "../../contracts/lrt/accounting/IAccountant.sol";
import {IAllocationController} from "../../contracts/lrt/allocation/IAllocationController.sol";
import {IExposureReader} from "../../contracts/lrt/allocation/IExposureReader.sol";
import {ISetRegistry} from "../../contracts/lrt/allocation/ISetRegistry.sol";
import {IAssetRegistry} from "../../contracts/lrt/assets/IAssetRegistry.sol";
import {IBasketBook} from "../../contracts/lrt/baskets/IBasketBook.sol";
import {IBasketExit} from "../../contracts/lrt/baskets/IBasketExit.sol";
import {IDepositPool} from "../../contracts/lrt/deposits/IDepositPool.sol";
import {IIssuerDesk} from "../../contracts/lrt/issuers/IIssuerDesk.sol";
import {IBasketLens} from "../../contracts/lrt/lens/IBasketLens.sol";
import {ILens} from "../../contracts/lrt/lens/ILens.sol";
import {IOperatorRegistry} from "../../contracts/lrt/operators/IOperatorRegistry.sol";
import {IRestakingDesk} from "../../contracts/lrt/operators/IRestakingDesk.sol";
import {IRewardsRouter} from "../../contracts/lrt/rewards/IRewardsRouter.sol";
import {IInstantRedeemer} from "../../contracts/lrt/withdrawals/IInstantRedeemer.sol";
import {IWithdrawalQueue} from "../../contracts/lrt/withdrawals/IWithdrawalQueue.sol";
import {CbEthMock} from "../../contracts/mocks/coinbase/CbEthMock.sol";
import {LidoWithdrawalQueueMock} from "../../contracts/mocks/lido/LidoWithdrawalQueueMock.sol";
import {StETHMock} from "../../contracts/mocks/lido/StETHMock.sol";
import {WstETHMock} from "../../contracts/mocks/lido/WstETHMock.sol";
import {MarketFeedMock} from "../../contracts/mocks/market/MarketFeedMock.sol";
import {RETHMock} from "../../contracts/mocks/rocket/RETHMock.sol";
import {RocketDepositPoolMock} from "../../contracts/mocks/rocket/RocketDepositPoolMock.sol";
import {RocketNetworkBalancesMock} from "../../contracts/mocks/rocket/RocketNetworkBalancesMock.sol";
import {IAllocationManager} from "../../contracts/restaking/interfaces/IAllocationManager.sol";
import {IDelegationManager} from "../../contracts/restaking/interfaces/IDelegationManager.sol";
import {IStrategy} from "../../contracts/restaking/interfaces/IStrategy.sol";
import {IWETH9} from "../../contracts/shared/external/IWETH9.sol";
import {ETHER} from "../../contracts/lrt/assets/Ether.sol";
import {ASSETS, OPERATORS} from "./Moment.sol";
import {Replay} from "./Replay.sol";
import {Wallet} from "./Wallet.sol";

/// @dev Where everything is. A new contract of the protocol gets a line here and, where it has actions, a file in `actions`.
abstract contract Stage is Replay {
    uint256 internal constant PEOPLE = 6;
    /// @dev People from here on sign with a key of their own; the last is a contract.
    uint256 internal constant SIGNERS = 2;
    uint256 internal constant KEY = 0xA11CE;
    uint256 internal constant WALLET = 5;
    bytes32 internal constant NO_REFERRAL = 0;

    IDepositPool internal pool;
    IAccountant internal accountant;
    IAssetRegistry internal registry;
    IOperatorRegistry internal operators;
    IAllocationController internal controller;
    ISetRegistry internal sets;
    IExposureReader internal reader;
    IRewardsRouter internal router;
    IRestakingDesk internal desk;
    IIssuerDesk internal issuer;
    IWithdrawalQueue internal queue;
    IInstantRedeemer internal instant;
    IBasketExit internal basketExit;
    IBasketBook internal basketBook;
    IERC20 internal trEth;
    ILens internal lens;
    IBasketLens internal basketLens;
    AccessManager internal manager;
    IDelegationManager internal delegation;
    IAllocationManager internal allocation;
    StETHMock internal stEth;
    WstETHMock internal wstEth;
    LidoWithdrawalQueueMock internal lidoQueue;
    IWETH9 internal weth;
    RETHMock internal rEth;
    RocketDepositPoolMock internal rocketPool;
    RocketNetworkBalancesMock internal rocketBalances;
    CbEthMock internal cbEth;
    address internal cbEthSource;

    address internal admin;
    address internal tightening;
    address internal guardian;
    address internal deployer;
    address internal feeRecipient;
    address[PEOPLE] internal people;
    address[ASSETS] internal assets;
    IStrategy[ASSETS] internal strategies;
    MarketFeedMock[ASSETS] internal markets;
    address[OPERATORS] internal accounts;
    address[OPERATORS] internal delegators;
    address[OPERATORS] internal nodeOperators;
    address[] internal avss;

    function _arrive() internal {
        replay();
        string memory book = vm.readFile(string.concat(RECORDING, "facts.json"));
        _findProtocol(book);
        _findOutside(book);
        _findPeople(book);
        _requireSame(book);
    }

    function _findProtocol(string memory book) private {
        pool = IDepositPool(_at(book, ".DepositPool"));
        accountant = IAccountant(_at(book, ".Accountant"));
        registry = IAssetRegistry(_at(book, ".AssetRegistry"));
        operators = IOperatorRegistry(_at(book, ".OperatorRegistry"));
        controller = IAllocationController(_at(book, ".AllocationController"));
        sets = ISetRegistry(_at(book, ".SetRegistry"));
        reader = IExposureReader(_at(book, ".ExposureReader"));
        router = IRewardsRouter(_at(book, ".RewardsRouter"));
        basketExit = IBasketExit(_at(book, ".BasketExit"));
        basketBook = IBasketBook(_at(book, ".BasketBook"));
        desk = IRestakingDesk(_at(book, ".RestakingDesk"));
        issuer = IIssuerDesk(_at(book, ".IssuerDesk"));
        queue = IWithdrawalQueue(_at(book, ".WithdrawalQueue"));
        instant = IInstantRedeemer(_at(book, ".InstantRedeemer"));
        trEth = IERC20(_at(book, ".TrEth"));
        lens = ILens(_at(book, ".Lens"));
        basketLens = IBasketLens(_at(book, ".BasketLens"));
        manager = AccessManager(_at(book, ".AccessManager"));
        delegation = IDelegationManager(_at(book, ".DelegationManager"));
        allocation = IAllocationManager(_at(book, ".AllocationManager"));
    }

    function _findOutside(string memory book) private {
        stEth = StETHMock(payable(_at(book, ".stETH")));
        wstEth = WstETHMock(payable(_at(book, ".wstETH")));
        lidoQueue = LidoWithdrawalQueueMock(payable(_at(book, ".LidoQueue")));
        weth = IWETH9(_at(book, ".WETH"));
        rEth = RETHMock(payable(_at(book, ".rETH")));
        rocketPool = RocketDepositPoolMock(payable(_at(book, ".RocketDepositPool")));
        rocketBalances = RocketNetworkBalancesMock(_at(book, ".RocketNetworkBalances"));
        cbEth = CbEthMock(_at(book, ".cbETH"));
        cbEthSource = _at(book, ".cbETHRateSource");
        assets = [ETHER, address(wstEth), address(rEth), address(cbEth)];
        for (uint256 i = 1; i < ASSETS; ++i) strategies[i] = registry.configOf(assets[i]).strategy;
        (markets[2], markets[3]) = (
            MarketFeedMock(_at(book, ".rETHMarket")),
            MarketFeedMock(_at(book, ".cbETHMarket"))
        );
        avss = vm.parseJsonAddressArray(book, ".avss");
    }

    function _findPeople(string memory book) private {
        (admin, tightening) = (_at(book, ".admin"), _at(book, ".tightening"));
        (guardian, deployer) = (_at(book, ".guardian"), _at(book, ".deployer"));
        feeRecipient = _at(book, ".feeRecipient");
        address[] memory first = vm.parseJsonAddressArray(book, ".people");
        for (uint256 i = 0; i < PEOPLE; ++i) {
            if (i < SIGNERS) people[i] = first[i];
            else people[i] = i == WALLET ? address(new Wallet()) : vm.addr(KEY + i);
        }
        for (uint256 i = 0; i < OPERATORS; ++i) {
            IOperatorRegistry.Operator memory op = operators.operator(i);
            (accounts[i], delegators[i], nodeOperators[i]) = (op.account, op.delegator, op.nodeOperator);
        }
    }

    /// @dev What forge came to is what Hardhat came to.
    function _requireSame(string memory book) private view {
        IDepositPool.Terms memory t = pool.terms();
        bool isSame =
            t.rateWad == vm.parseJsonUint(book, ".rate") &&
                t.waitingWad == vm.parseJsonUint(book, ".waiting") &&
                accountant.netAssetValue() == vm.parseJsonUint(book, ".nav") &&
                trEth.totalSupply() == vm.parseJsonUint(book, ".supply");
        require(isSame, NotTheSame(0, address(pool)));
    }

    function _at(string memory book, string memory key) private pure returns (address) {
        return vm.parseJsonAddress(book, key);
    }
}
