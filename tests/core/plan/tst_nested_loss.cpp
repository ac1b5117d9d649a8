#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/plan/nested_loss.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace {

using namespace bs;

constexpr std::size_t kWidth = 3;
constexpr std::size_t kTokens = 4;

LinearMoments head()
{
    LinearMoments moments;
    moments.weighted = {4, 1, 0, 1, 2, 0, 0, 0, 1};
    moments.outputPower = {0.5F, 0.25F, 0.001F, 0};
    return moments;
}

EmbeddingMoments embedding()
{
    return {{1, 0, 0.5F, 0, 3, 0, 0.5F, 0, 2}, {90, 0, 10, 0}};
}

void checkUsable(const OwnedLoss& loss, std::size_t rows, std::size_t cols)
{
    REQUIRE(loss.moments.size() == cols * cols);
    REQUIRE(loss.rowWeight.size() == rows);
    for (std::size_t i = 0; i < cols; ++i)
        for (std::size_t j = 0; j < cols; ++j) {
            CHECK(std::isfinite(loss.moments[i * cols + j]));
            CHECK(loss.moments[i * cols + j] == doctest::Approx(loss.moments[j * cols + i]));
        }
    for (const float weight : loss.rowWeight) {
        CHECK(std::isfinite(weight));
        CHECK(weight >= 0);
    }
}

} // namespace

TEST_CASE("a linear's rows count by their gradient, and none counts for nothing")
{
    LinearMoments moments;
    moments.weighted = {4, 1, 1, 2};
    moments.plain = std::make_shared<const std::vector<float>>(std::vector<float>{1, 0, 0, 5});
    moments.outputPower = {1, 0, 3};
    const OwnedLoss loss = linearLoss(moments);
    checkUsable(loss, 3, 2);
    CHECK(loss.rowWeight[1] > 0);
    CHECK(loss.rowWeight[0] > loss.rowWeight[1]);
    CHECK(loss.rowWeight[2] > loss.rowWeight[0]);
    CHECK(loss.moments[0] > 4); // the plain moments are added
    CHECK(loss.moments[1] == doctest::Approx(1));
}

TEST_CASE("a linear without any gradient has a loss of finite numbers")
{
    LinearMoments moments;
    moments.weighted = {0, 0, 0, 0};
    moments.plain = std::make_shared<const std::vector<float>>(std::vector<float>{0, 0, 0, 0});
    moments.outputPower = {0, 0};
    checkUsable(linearLoss(moments), 2, 2);
}

TEST_CASE("what is left of a gradient that cancels counts as none")
{
    constexpr float kRounding = 1.4e-45F; // the least f32
    LinearMoments moments;
    moments.weighted = {kRounding, 0, 0, kRounding};
    moments.plain = std::make_shared<const std::vector<float>>(std::vector<float>{1, 0, 0, 5});
    moments.outputPower = {kRounding, 0, 0, 0, 0};
    const OwnedLoss loss = linearLoss(moments);
    checkUsable(loss, 5, 2);
    CHECK(loss.moments == std::vector<float>(4, 0.0F));
    CHECK(loss.rowWeight[0] == loss.rowWeight[1]);
    // A NaN stays what it is, for the encoder to refuse.
    moments.weighted = {std::numeric_limits<float>::quiet_NaN(), 0, 0, 1};
    CHECK(std::isnan(linearLoss(moments).moments[0]));
    // A small gradient is one.
    moments.weighted = {1e-18F, 0, 0, 1e-18F};
    moments.outputPower = {1e-18F, 0, 0, 0, 0};
    const OwnedLoss small = linearLoss(moments);
    CHECK(small.moments[0] > 1e-18F);
    CHECK(small.rowWeight[0] > 10 * small.rowWeight[1]);
}

TEST_CASE("of head and embedding frequent tokens count more, but not by as much as they are more frequent")
{
    const OwnedLoss h = headLoss(head());
    checkUsable(h, kTokens, kWidth);
    CHECK(h.rowWeight[0] > h.rowWeight[1]);
    CHECK(h.rowWeight[1] > h.rowWeight[2]);
    CHECK(h.rowWeight[0] / h.rowWeight[2] < 500);
    const OwnedLoss e = embeddingLoss(embedding(), head());
    checkUsable(e, kTokens, kWidth);
    CHECK(e.rowWeight[0] > e.rowWeight[2]);
    CHECK(e.rowWeight[0] / e.rowWeight[2] < 9); // 90 times against 10
}

TEST_CASE("a token that calibration never met still counts")
{
    // Token 1 occurs never but is expected; token 2 is hardly expected but occurs.
    for (const OwnedLoss& loss : {tiedLoss(embedding(), head()), embeddingLoss(embedding(), head())}) {
        checkUsable(loss, kTokens, kWidth);
        CHECK(loss.rowWeight[1] > 0);
        CHECK(loss.rowWeight[2] > 0);
    }
}

TEST_CASE("a matrix that is embedding and head mixes the moments of both uses")
{
    const OwnedLoss loss = tiedLoss(embedding(), head());
    // With outTrace 7, inTrace 6: every moment is a * head + b * embedding with a, b > 0.
    const double b = static_cast<double>(loss.moments[2]) / 0.5; // head has 0 there
    const double a = static_cast<double>(loss.moments[1]);       // embedding has 0 there, head 1
    CHECK(a > 0);
    CHECK(b > 0);
    CHECK(loss.moments[0] == doctest::Approx(4 * a + b));
    CHECK(loss.moments[4] == doctest::Approx(2 * a + 3 * b));
    CHECK(loss.moments[8] == doctest::Approx(a + 2 * b));
}
