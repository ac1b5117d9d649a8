#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/plan/order.h"
#include "tests/support/order_text.h"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace bs;
using test::orderText;

} // namespace

TEST_CASE("level by level, within a level by falling loss saved per byte")
{
    const std::vector<RateDistortion> matrices{
        {{10, 10, 10}, {100, 50, 20, 10}}, // saves 50, 30, 10
        {{10, 10, 10}, {100, 40, 30, 5}},  // saves 60, 10, 25
    };
    const LoadingOrder order = orderByLoss(matrices, {});
    CHECK(orderText(order.order) == "b0 a0 a1 b1 b2 a2");
    CHECK(order.smallestCount == 4);
    CHECK(order.gain[0] == std::vector<double>{50, 30, 10});
}

TEST_CASE("a dear block counts by its bytes")
{
    const std::vector<RateDistortion> matrices{{{10, 100}, {100, 50, 10}}, {{10, 10}, {100, 60, 40}}};
    CHECK(orderText(orderByLoss(matrices, {}).order) == "a0 b0 b1 a1"); // 0.4 a byte against 2
}

TEST_CASE("a matrix with fewer blocks ends earlier")
{
    const std::vector<RateDistortion> matrices{{{10}, {100, 50}}, {{10, 10}, {100, 60, 48}}};
    CHECK(orderText(orderByLoss(matrices, {}).order) == "a0 b0 b1");
}

TEST_CASE("whole tensors come first, and the smallest plan has two levels")
{
    const std::vector<RateDistortion> matrices{
        {{10, 10, 10}, {100, 10, 1, 0}}, {{50}, {0, 0}}, {{10, 10}, {1, 0.5, 0.4}}};
    const LoadingOrder order = orderByLoss(matrices, {1});
    CHECK(orderText(order.order) == "b0 a0 c0 a1 c1 a2");
    CHECK(order.smallestCount == 5);
}

TEST_CASE("matrices that lose nothing are ordered all the same")
{
    const std::vector<RateDistortion> matrices{{{10, 10}, {0, 0, 0}}, {{0, 0}, {1, 1, 1}}};
    CHECK(orderByLoss(matrices, {}).order.size() == 4);
}
