#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/plan/order.h"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace bs;

/// "a0 b0 a1": matrix letter and block number.
std::string text(const std::vector<StackBlock>& order)
{
    std::string line;
    for (const StackBlock& block : order)
        line += (line.empty() ? "" : " ") + std::string(1, static_cast<char>('a' + block.matrix)) + std::to_string(block.index);
    return line;
}

} // namespace

TEST_CASE("blocks load by falling loss saved per byte, a matrix's own in their order")
{
    const std::vector<RateDistortion> matrices{
        {{10, 10, 10}, {100, 50, 20, 10}}, // saves 50, 30, 10
        {{10, 10, 10}, {100, 60, 50, 45}}, // saves 40, 10, 5
    };
    const LoadingOrder order = orderByLoss(matrices, {});
    CHECK(text(order.order) == "a0 b0 a1 a2 b1 b2");
    CHECK(order.smallestCount == 2);
    CHECK(order.gain[0] == std::vector<double>{50, 30, 10});
}

TEST_CASE("a dear block counts by its bytes")
{
    const std::vector<RateDistortion> matrices{{{10, 100}, {100, 50, 10}}, {{10, 10}, {100, 60, 40}}};
    CHECK(text(orderByLoss(matrices, {}).order) == "a0 b0 b1 a1"); // 0.4 a byte against 2
}

TEST_CASE("a block that saves little is carried by the one behind it")
{
    // Block a1 alone saves nothing, a1 and a2 together 30 for 20 bytes: more a byte than b1's 12 for 10.
    const std::vector<RateDistortion> matrices{{{10, 10, 10}, {100, 50, 50, 20}}, {{10, 10}, {100, 60, 48}}};
    CHECK(text(orderByLoss(matrices, {}).order) == "a0 b0 a1 a2 b1");
}

TEST_CASE("whole tensors come first, and the smallest plan has a block of every matrix")
{
    const std::vector<RateDistortion> matrices{
        {{10, 10}, {100, 10, 0}}, {{50}, {0, 0}}, {{10, 10}, {1, 0.5, 0.4}}};
    const LoadingOrder order = orderByLoss(matrices, {1});
    CHECK(text(order.order) == "b0 a0 c0 a1 c1");
    CHECK(order.smallestCount == 3);
}

TEST_CASE("matrices that lose nothing are ordered all the same")
{
    const std::vector<RateDistortion> matrices{{{10, 10}, {0, 0, 0}}, {{0, 0}, {1, 1, 1}}};
    CHECK(orderByLoss(matrices, {}).order.size() == 4);
}
