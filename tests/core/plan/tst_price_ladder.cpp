#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/plan/price_ladder.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace bs;

TEST_CASE("prices fall in equal steps, and with them goes the scale of the losses")
{
    const std::vector<double> prices = priceLadder(2.0);
    REQUIRE(prices.size() >= 8);
    const double step = prices[1] / prices[0];
    CHECK(step < 0.8);
    CHECK(step > 0.2); // less than a plane of one bit, which divides the error by about 3.2, would leave gaps
    for (std::size_t i = 1; i < prices.size(); ++i)
        CHECK(prices[i] == doctest::Approx(prices[i - 1] * step));
    const std::vector<double> half = priceLadder(1.0);
    REQUIRE(half.size() == prices.size());
    for (std::size_t i = 0; i < half.size(); ++i)
        CHECK(half[i] == doctest::Approx(prices[i] / 2));
    for (const double price : priceLadder(0)) { // a model whose losses are all 0 is coded as well
        CHECK(std::isfinite(price));
        CHECK(price > 0);
    }
}

TEST_CASE("the energy of a matrix is its loss when nothing is loaded, without the inputs' correlation")
{
    const std::vector<float> W{1, 2, 3, 4, 5, 6};
    const std::vector<float> moments{2, 9, 0, 9, 1, 0, 0, 0, 3};
    const std::vector<float> rowWeight{1, 0.5F};
    // 1/2 * ((2 + 4 + 27) + (32 + 25 + 108) / 2) / 6
    CHECK(meanEnergy(W, moments, rowWeight) == doctest::Approx(0.5 * (33 + 82.5) / 6));
}

TEST_CASE("the mean over matrices is geometric, by weights, and leaves out what has no energy")
{
    EnergyMean mean;
    CHECK(mean.value() == 0);
    mean.add(1, 300);
    mean.add(16, 100);
    CHECK(mean.value() == doctest::Approx(2)); // 16^(1/4)
    mean.add(0, 1000);
    mean.add(std::nan(""), 1000);
    CHECK(mean.value() == doctest::Approx(2));
}
