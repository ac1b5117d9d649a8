#include "core/jobs/describe_tensor.h"

#include "core/base/json_guard.h"
#include "core/jobs/tensor_values.h"
#include "core/model/matrix_blocks.h"

#include <algorithm>
#include <cmath>

namespace bs {

namespace {

/// A matrix of a stack: one, or the slabs of a large one.
struct StackTensor
{
    const Container* container = nullptr;
    std::vector<std::uint32_t> matrices;
    std::uint32_t most = 0; ///< blocks

    const StackMatrix& info(std::uint32_t m) const { return container->stack.matrices[m]; }
};

StackTensor stackTensor(const Container& container, const std::string& name)
{
    StackTensor tensor{&container, {}, 0};
    for (std::uint32_t m = 0; m < container.stack.matrices.size(); ++m) {
        const std::string& own = container.stack.matrices[m].name;
        if (own != name && slabOf(own).matrix + ".weight" != name) continue;
        tensor.matrices.push_back(m);
        tensor.most = std::max(tensor.most, static_cast<std::uint32_t>(container.blocks[m].size()));
    }
    return tensor;
}

/// Sums over all slabs, by depth.
struct Residuals
{
    double norm = 0;
    std::vector<double> squared;
    std::vector<std::uint64_t> bytes;
};

double squaredDistance(const std::vector<float>& a, const std::vector<float>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double apart = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += apart * apart;
    }
    return sum;
}

/// A slab at every depth against all of its blocks, W.
Result<void> addResiduals(const MatrixBlocks& blocks, const StackMatrix& info,
                          const std::vector<float>& W, Residuals& to, const JobContext& context)
{
    std::vector<float> less(W.size(), 0.0F);
    to.norm += squaredDistance(W, less);
    std::uint64_t bytes = 0;
    for (std::uint32_t depth = 0; depth < to.squared.size(); ++depth) {
        BS_CHECK(context.checkStop());
        if (depth > 0 && depth <= blocks.depth()) bytes += info.blockBytes[depth - 1];
        to.bytes[depth] += bytes;
        if (depth >= blocks.depth()) continue;
        BS_CHECK(blocks.decode(depth, less.data()));
        to.squared[depth] += squaredDistance(W, less);
    }
    return {};
}

std::vector<DepthResidual> residualsOf(const Residuals& sums, std::uint64_t weights)
{
    std::vector<DepthResidual> residuals;
    for (std::uint32_t depth = 0; depth < sums.squared.size(); ++depth)
        residuals.push_back(
            {depth, sums.bytes[depth],
             8 * static_cast<double>(sums.bytes[depth]) / static_cast<double>(weights),
             sums.norm > 0 ? std::sqrt(sums.squared[depth] / sums.norm) : 0});
    return residuals;
}

std::vector<CodeCount> codesOf(const SignCodes& codes)
{
    std::vector<CodeCount> list;
    for (std::size_t bits = 1; bits <= SignCodes::kMostBits; ++bits) {
        const auto& counts = codes.counts.at(bits);
        const std::size_t codesOfLength = std::size_t{1} << bits;
        if (std::all_of(counts.begin(), counts.end(), [](std::uint64_t n) { return n == 0; }))
            continue;
        for (std::size_t code = 0; code < codesOfLength; ++code) {
            CodeCount entry{{}, counts.at(code)};
            for (std::size_t b = bits; b-- > 0;)
                entry.bits += ((code >> b) & 1U) != 0 ? '1' : '0';
            list.push_back(std::move(entry));
        }
    }
    return list;
}

Result<void> describeStack(const StackTensor& tensor, TensorReport& report,
                           const JobContext& context)
{
    ValueSums values;
    Residuals residuals{0, std::vector<double>(tensor.most + 1), {}};
    residuals.bytes.resize(tensor.most + 1);
    SignCodes codes;
    std::vector<float> W;
    const auto all = static_cast<double>(tensor.matrices.size());
    // Twice: where the histogram lies is known only after all slabs were seen.
    for (const bool again : {false, true}) {
        if (again) report.histogram = values.histogramRange();
        for (std::size_t i = 0; i < tensor.matrices.size(); ++i) {
            BS_CHECK(context.checkStop());
            const double done = static_cast<double>(i) + (again ? all : 0);
            context.report({"decoding", done, 2 * all, -1, {}});
            const std::uint32_t m = tensor.matrices[i];
            const StackMatrix& info = tensor.info(m);
            BS_TRY(const MatrixBlocks blocks,
                   MatrixBlocks::read(*tensor.container, m,
                                      static_cast<std::uint32_t>(info.blockBytes.size())));
            W.resize(info.rows * info.cols);
            BS_CHECK(blocks.decode(blocks.depth(), W.data()));
            if (!again) {
                values.add(W);
                continue;
            }
            addToHistogram(report.histogram, W);
            BS_CHECK(blocks.countCodes(codes));
            BS_CHECK(addResiduals(blocks, info, W, residuals, context));
        }
    }
    report.statistics = values.statistics();
    report.codes = codesOf(codes);
    report.residuals =
        residualsOf(residuals, report.statistics.count + report.statistics.notFinite);
    return {};
}

Result<void> describeDense(const ModelSource& source, const std::string& name, TensorReport& report,
                           const JobContext& context)
{
    context.report({"reading", 0, 1, -1, {}});
    BS_TRY(const std::vector<float> W, readTensor(source, name));
    BS_CHECK(context.checkStop());
    ValueSums values;
    values.add(W);
    report.statistics = values.statistics();
    report.histogram = values.histogramRange();
    addToHistogram(report.histogram, W);
    return {};
}

} // namespace

Result<TensorReport> describeTensor(const ModelSource& source, const std::string& name,
                                    const JobContext& context)
{
    TensorReport report;
    for (const TensorEntry& entry : listTensors(source))
        if (entry.name == name) report.tensor = entry;
    if (source.tensors.contains(name)) {
        BS_CHECK(describeDense(source, name, report, context));
        return report;
    }
    const StackTensor tensor =
        source.container ? stackTensor(*source.container, name) : StackTensor();
    if (tensor.matrices.empty())
        return Error{ErrorCode::Usage, source.path + ": there is no tensor " + printable(name)};
    if (report.tensor.name.empty())
        report.tensor = slabEntry(*source.container, tensor.matrices[0]);
    BS_CHECK(describeStack(tensor, report, context));
    return report;
}

} // namespace bs
