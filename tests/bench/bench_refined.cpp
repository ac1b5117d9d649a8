// Output error of bitstack blocks, as published and refined: the table of
// core/codecs/bitstack/README.md. bench_refined MODEL TEXT [LAYER ..]: dB below the power of each
// linear's output after 1, 2, .. 8 blocks, second moments from the text's first 16384 tokens.
#include "core/codecs/bitstack/product.h"
#include "core/codecs/bitstack/refined_encoder.h"
#include "core/jobs/calibration_text.h"
#include "core/linalg/dense.h"
#include "core/linalg/prepare_blas.h"
#include "core/plan/fold.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace {

using namespace bs;

constexpr std::size_t kTokens = 16384;

/// tr(E H E^T) with 0, 1, .. blocks as stored.
std::vector<double> outputErrors(std::vector<float> E, const bitstack::Shape& shape,
                                 const std::vector<float>& H,
                                 const std::vector<bitstack::Block>& blocks)
{
    std::vector<double> errors;
    std::vector<float> G(E.size());
    std::vector<float> part(E.size());
    for (std::size_t depth = 0;; ++depth) {
        gemmNT(shape.rows, shape.cols, shape.cols, E.data(), shape.cols, H.data(), shape.cols,
               G.data(), shape.cols);
        double sum = 0;
        for (std::size_t i = 0; i < E.size(); ++i)
            sum += static_cast<double>(E[i]) * static_cast<double>(G[i]);
        errors.push_back(sum);
        if (depth == blocks.size()) return errors;
        const bitstack::BlockView view = blocks[depth].view();
        bitstack::decodeRows(shape, std::span(&view, 1), 0, shape.rows, part.data());
        for (std::size_t i = 0; i < E.size(); ++i)
            E[i] -= part[i];
    }
}

class Table
{
public:
    Result<void> matrix(const std::string& name, const std::vector<float>& W, std::size_t cols,
                        const std::vector<float>& H)
    {
        bitstack::EncodeOptions options;
        options.blocks = 8;
        const bitstack::Shape shape{W.size() / cols, cols, options.k};
        const auto start = std::chrono::steady_clock::now();
        BS_TRY(const bitstack::Encoded plain, bitstack::encode(W, shape.rows, cols, options, {}));
        const auto between = std::chrono::steady_clock::now();
        BS_TRY(const bitstack::RefinedEncoded refined,
               bitstack::encodeRefined(W, shape.rows, cols, H, options, {}, {}));
        const auto end = std::chrono::steady_clock::now();
        line(name + " published", outputErrors(W, shape, H, plain.blocks), m_plain,
             between - start);
        line(name + " refined", outputErrors(W, shape, H, refined.blocks), m_refined,
             end - between);
        ++m_count;
        return {};
    }

    void means() const
    {
        for (const auto* sums : {&m_plain, &m_refined}) {
            std::printf("%-54s", sums == &m_plain ? "mean published" : "mean refined");
            for (const double sum : *sums)
                std::printf(" %6.2f", sum / m_count);
            std::printf("\n");
        }
    }

private:
    static void line(const std::string& name, const std::vector<double>& errors,
                     std::vector<double>& sums, std::chrono::duration<double> seconds)
    {
        sums.resize(errors.size() - 1);
        std::printf("%-54s", name.c_str());
        for (std::size_t depth = 1; depth < errors.size(); ++depth) {
            const double below = 10 * std::log10(errors[0] / errors[depth]);
            sums[depth - 1] += below;
            std::printf(" %6.2f", below);
        }
        std::printf("   %.2f s\n", seconds.count());
    }

    std::vector<double> m_plain;
    std::vector<double> m_refined;
    int m_count = 0;
};

Result<void> run(const std::string& model, const std::string& text,
                 const std::set<std::uint32_t>& layers)
{
    BS_TRY(const ModelSource source, openModel(model));
    BS_TRY(const CalibrationText calibration, readCalibrationText(source, text, kTokens));
    BS_TRY(Calibrator calibrator, Calibrator::create(source, calibration.tokens));
    ThreadPool pool;
    Table table;
    for (std::uint32_t layer = 0; layer <= *layers.rbegin() && layer < source.config.layers;
         ++layer) {
        BS_TRY(DenseLayer dense, readDenseLayer(source, layer));
        const bool wanted = layers.contains(layer);
        BS_TRY(const LayerStats stats,
               calibrator.runLayer(dense, pool, {},
                                   wanted ? Capture::SecondMoments : Capture::Channels));
        if (!wanted) continue;
        const auto scales = columnScales(source.config, stats, GroupedOutput::Shared);
        foldScales(dense, source.config, stats, GroupedOutput::Shared);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            const std::size_t cols = scales[slot].size();
            std::vector<float> H = stats.of(static_cast<Slot>(slot)).moments;
            for (std::size_t i = 0; i < H.size(); ++i)
                H[i] /= scales[slot][i / cols] * scales[slot][i % cols];
            BS_CHECK(table.matrix(linearNames(layer)[slot], dense.values[slot], cols, H));
        }
    }
    table.means();
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    prepareBlas(argv);
    if (argc < 3) {
        std::fprintf(stderr, "usage: bench_refined MODEL TEXT [LAYER ..]\n");
        return 2;
    }
    std::set<std::uint32_t> layers;
    for (int i = 3; i < argc; ++i)
        layers.insert(static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10)));
    if (layers.empty()) layers = {0, 10, 20, 29};
    const auto result = run(argv[1], argv[2], layers);
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        return 1;
    }
    return 0;
}
