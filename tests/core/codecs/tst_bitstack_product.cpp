#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "core/codecs/bitstack/product.h"
#include "core/linalg/cpu/kernels.h"
#include "core/tensor/float16.h"
#include "tests/core/linalg/random_values.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

using namespace bs;
using namespace bs::bitstack;

namespace {

constexpr double kEps = std::numeric_limits<float>::epsilon();

struct Stack
{
    Shape shape;
    std::vector<Block> blocks;
    std::vector<BlockView> views;

    /// Blocks of random bits, each a third as large as the one before.
    Stack(Shape s, std::size_t depth)
        : shape(s)
    {
        RandomValues random(s.rows * 31 + s.cols * 7 + s.k);
        float size = 1;
        for (std::size_t b = 0; b < depth; ++b, size /= 3) {
            Block block;
            block.sign.resize(shape.signBytes());
            for (std::uint8_t& byte : block.sign)
                byte = static_cast<std::uint8_t>(random.next() & 0xFF);
            for (std::size_t i = 0; i < shape.rows * shape.k; ++i)
                block.u.push_back(floatToHalf(size * random.gaussian()));
            for (std::size_t i = 0; i < shape.k * shape.cols; ++i)
                block.vt.push_back(floatToHalf(random.gaussian()));
            blocks.push_back(std::move(block));
        }
        for (const Block& block : blocks)
            views.push_back(block.view());
    }
};

/// Weight (i, j) in f64, with the sum of the absolute values of its terms.
struct Weight
{
    double value = 0;
    double sumAbs = 0;
};

Weight exactWeight(const Stack& stack, std::size_t i, std::size_t j)
{
    Weight w;
    const Shape& shape = stack.shape;
    for (const Block& block : stack.blocks) {
        const bool plus = ((block.sign[i * shape.cols / 8 + j / 8] >> (7 - j % 8)) & 1) != 0;
        for (std::size_t r = 0; r < shape.k; ++r) {
            const double product = static_cast<double>(halfToFloat(block.u[i * shape.k + r])) *
                                   static_cast<double>(halfToFloat(block.vt[r * shape.cols + j]));
            w.value += plus ? product : -product;
            w.sumAbs += std::abs(product);
        }
    }
    return w;
}

std::vector<Weight> exactWeights(const Stack& stack)
{
    std::vector<Weight> weights;
    for (std::size_t i = 0; i < stack.shape.rows; ++i)
        for (std::size_t j = 0; j < stack.shape.cols; ++j)
            weights.push_back(exactWeight(stack, i, j));
    return weights;
}

std::vector<const Kernels*> tables()
{
    const Kernels* const* list = nullptr;
    const std::size_t count = availableKernels(list);
    return {list, list + count};
}

/// Each y sums cols * k * depth products: off by at most that many roundings of their absolute sum.
void checkProduct(const Stack& stack, const std::vector<Weight>& weights,
                  const std::vector<float>& x, std::size_t n, const std::vector<float>& y)
{
    const Shape& shape = stack.shape;
    const double terms = static_cast<double>(shape.cols + shape.k + stack.blocks.size() + 2);
    bool good = true;
    for (std::size_t t = 0; t < n; ++t)
        for (std::size_t i = 0; i < shape.rows; ++i) {
            double want = 0;
            double sumAbs = 0;
            for (std::size_t j = 0; j < shape.cols; ++j) {
                const Weight& w = weights[i * shape.cols + j];
                want += w.value * static_cast<double>(x[t * shape.cols + j]);
                sumAbs += w.sumAbs * std::abs(static_cast<double>(x[t * shape.cols + j]));
            }
            const double got = y[t * shape.rows + i];
            good = good && std::abs(got - want) <= terms * kEps * sumAbs;
        }
    CHECK(good);
}

const Shape kShapes[] = {{1, 8, 1},    {3, 16, 2},   {5, 24, 5},    {7, 64, 7},    {17, 72, 8},
                         {33, 136, 9}, {64, 64, 16}, {97, 128, 16}, {20, 200, 17}, {130, 40, 40}};

} // namespace

TEST_CASE("the plain product and the plain decoder are what the layout says")
{
    for (const Shape& shape : kShapes)
        for (const std::size_t depth : {0, 1, 3}) {
            CAPTURE(shape.rows);
            CAPTURE(depth);
            const Stack stack(shape, depth);
            const auto weights = exactWeights(stack);
            std::vector<float> W(shape.rows * shape.cols, 7.0F);
            decode(shape, stack.views, W.data());
            bool good = true;
            for (std::size_t i = 0; i < W.size(); ++i)
                good = good && std::abs(static_cast<double>(W[i]) - weights[i].value) <=
                                   static_cast<double>(shape.k + depth) * kEps * weights[i].sumAbs;
            CHECK(good);
            const auto x = randomValues(shape.cols, 1);
            std::vector<float> y(shape.rows, 7.0F);
            multiplyReference(shape, stack.views, x.data(), y.data());
            // The plain loop adds depth * cols terms to one sum.
            for (std::size_t i = 0; i < shape.rows; ++i) {
                double want = 0;
                double sumAbs = 0;
                for (std::size_t j = 0; j < shape.cols; ++j) {
                    want += weights[i * shape.cols + j].value * static_cast<double>(x[j]);
                    sumAbs +=
                        weights[i * shape.cols + j].sumAbs * std::abs(static_cast<double>(x[j]));
                }
                const double terms = static_cast<double>(depth * shape.cols + shape.k + 1);
                CHECK(std::abs(static_cast<double>(y[i]) - want) <= terms * kEps * sumAbs);
            }
        }
}

TEST_CASE("fast products equal the plain ones for every table, depth and shape")
{
    const Kernels& best = kernels();
    ThreadPool pool(2);
    for (const Kernels* table : tables()) {
        useKernels(*table);
        CAPTURE(std::string(table->name));
        for (const Shape& shape : kShapes)
            for (const std::size_t depth : {0, 1, 2, 8, 16}) {
                const Stack stack(shape, depth);
                const auto weights = exactWeights(stack);
                for (const std::size_t n : {1, 2, 3, 9}) {
                    CAPTURE(shape.rows);
                    CAPTURE(shape.cols);
                    CAPTURE(depth);
                    CAPTURE(n);
                    const auto x = randomValues(n * shape.cols, n);
                    std::vector<float> y(n * shape.rows, 7.0F);
                    multiply(shape, stack.views, x.data(), n, y.data(), pool);
                    checkProduct(stack, weights, x, n, y);
                }
            }
    }
    useKernels(best);
}

TEST_CASE("any range of rows decodes as the plain decoder does")
{
    const Kernels& best = kernels();
    for (const Kernels* table : tables()) {
        useKernels(*table);
        CAPTURE(std::string(table->name));
        for (const Shape& shape : kShapes) {
            const Stack stack(shape, 3);
            const auto weights = exactWeights(stack);
            for (const auto& [first, last] : {std::pair<std::size_t, std::size_t>{0, shape.rows},
                                              {shape.rows / 3, shape.rows},
                                              {shape.rows / 2, shape.rows / 2}}) {
                std::vector<float> W((last - first) * shape.cols + 1, 7.0F);
                decodeRows(shape, stack.views, first, last, W.data());
                bool good = W.back() == 7.0F; // nothing written behind the end
                for (std::size_t i = 0; i + 1 < W.size(); ++i) {
                    const Weight& want = weights[first * shape.cols + i];
                    good = good && std::abs(static_cast<double>(W[i]) - want.value) <=
                                       static_cast<double>(shape.k + 3) * kEps * want.sumAbs;
                }
                CHECK(good);
            }
        }
    }
    useKernels(best);
}

TEST_CASE("results do not depend on the number of threads")
{
    const Stack stack({193, 72, 16}, 3);
    const auto x = randomValues(20 * 72, 1);
    for (const std::size_t n : {1, 2, 20}) {
        std::vector<std::vector<float>> results;
        for (const int threads : {1, 2, 3, 7}) {
            ThreadPool pool(threads);
            results.emplace_back(n * 193);
            multiply(stack.shape, stack.views, x.data(), n, results.back().data(), pool);
        }
        for (const auto& result : results)
            CHECK(std::memcmp(result.data(), results[0].data(), n * 193 * sizeof(float)) == 0);
    }
}

TEST_CASE("a NaN in the input reaches every output, one in a row's factors only that row")
{
    ThreadPool pool(2);
    Stack stack({6, 24, 4}, 2);
    auto x = randomValues(24, 1);
    x[13] = std::numeric_limits<float>::quiet_NaN();
    std::vector<float> y(6);
    multiply(stack.shape, stack.views, x.data(), 1, y.data(), pool);
    for (const float value : y)
        CHECK(std::isnan(value));
    x[13] = 1;
    stack.blocks[1].u[2 * 4 + 3] = 0x7E00;
    multiply(stack.shape, stack.views, x.data(), 1, y.data(), pool);
    for (std::size_t i = 0; i < 6; ++i)
        CHECK(std::isnan(y[i]) == (i == 2));
}
