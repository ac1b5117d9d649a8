#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/plan/nested_order.h"
#include "tests/support/order_text.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

namespace {

using namespace bs;
using test::orderText;

} // namespace

TEST_CASE("first every matrix's block 0, then by falling price")
{
    const std::vector<PricedMatrix> matrices{
        {{10, 10, 10}, {5, 3, 1}, {100, 50, 20, 10}},
        {{10, 10}, {9, 2}, {100, 40, 30}},
    };
    const LoadingOrder order = orderByPrice(matrices);
    CHECK(orderText(order.order) == "b0 a0 a1 b1 a2"); // among the blocks 0 b's saves more per byte
    CHECK(order.smallestCount == 2);
    CHECK(order.gain[0] == std::vector<double>{50, 30, 10});
    CHECK(order.gain[1] == std::vector<double>{60, 10});
}

TEST_CASE("among blocks of one price what saves most per byte comes first")
{
    const std::vector<PricedMatrix> matrices{
        {{10, 100}, {5, 3}, {100, 50, 10}},
        {{10, 10}, {5, 3}, {100, 60, 40}},
    };
    CHECK(orderText(orderByPrice(matrices).order) == "a0 b0 b1 a1"); // 2 a byte against 0.4
}

TEST_CASE("a matrix without blocks and one that saves nothing are no trouble")
{
    const std::vector<PricedMatrix> matrices{{{}, {}, {7}}, {{64, 64}, {2, 1}, {0, 0, 0}}, {{0}, {1}, {3, 2}}};
    const LoadingOrder order = orderByPrice(matrices);
    CHECK(orderText(order.order) == "c0 b0 b1");
    CHECK(order.smallestCount == 2);
    CHECK(order.gain[0].empty());
    CHECK(orderByPrice({}).order.empty());
}

TEST_CASE("every prefix holds prefixes of the matrices, and prices fall")
{
    std::mt19937 random(3);
    std::vector<PricedMatrix> matrices(40);
    for (PricedMatrix& matrix : matrices) {
        double price = 8;
        double loss = 100;
        matrix.loss.push_back(loss);
        for (unsigned i = 0; i <= random() % 12; ++i) {
            price *= random() % 3 == 0 ? 0.25 : 0.5;
            loss *= 0.5 + static_cast<double>(random() % 100) / 300;
            matrix.bytes.push_back(64 * (1 + random() % 50));
            matrix.price.push_back(price);
            matrix.loss.push_back(loss);
        }
    }
    const LoadingOrder order = orderByPrice(matrices);
    std::map<std::uint32_t, std::uint32_t> depth;
    double before = 1e300;
    for (std::size_t i = 0; i < order.order.size(); ++i) {
        const StackBlock block = order.order[i];
        CHECK(block.index == depth[block.matrix]++);
        if (i < matrices.size()) {
            CHECK(block.index == 0);
            continue;
        }
        CHECK(matrices[block.matrix].price[block.index] <= before);
        before = matrices[block.matrix].price[block.index];
    }
    CHECK(order.smallestCount == matrices.size());
    for (std::uint32_t m = 0; m < matrices.size(); ++m)
        CHECK(depth[m] == matrices[m].bytes.size());
}
