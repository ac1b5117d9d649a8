#include "core/base/json_guard.h"
#include "core/formats/container_layout.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace bs::layout {

namespace {

using Json = nlohmann::json;

Error formatError(const std::string& message)
{
    return Error{ErrorCode::Format, message};
}

/// A field that must be there and of the type that `fits` asks for.
Result<const Json*> field(const Json& object, const char* name, bool (Json::*fits)() const noexcept,
                          const char* expected)
{
    const auto found = object.find(name);
    if (found == object.end()) return formatError(std::string("has no field '") + name + "'");
    if (!((*found).*fits)())
        return formatError(std::string("field '") + name + "' is of type " + found->type_name() +
                           ", " + expected + " is expected");
    return &*found;
}

Result<std::uint64_t> natural(const Json& object, const char* name)
{
    BS_TRY(const Json* value,
           field(object, name, &Json::is_number_unsigned, "an integer from 0 up"));
    return value->get<std::uint64_t>();
}

Result<std::string> text(const Json& object, const char* name)
{
    BS_TRY(const Json* value, field(object, name, &Json::is_string, "a string"));
    return value->get<std::string>();
}

Result<const Json*> array(const Json& object, const char* name)
{
    return field(object, name, &Json::is_array, "an array");
}

/// What the metadata says about one matrix: sizes and, for each block, gain and checksum.
struct DescribedMatrix
{
    StackMatrix matrix;
    std::vector<ContainerBlock> blocks;
};

Result<std::uint64_t> readChecksum(const Json& value)
{
    const std::string digits = value.is_string() ? value.get<std::string>() : "";
    std::uint64_t checksum = 0;
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), checksum, 16);
    if (digits.size() != 16 || failed != std::errc() || end != digits.data() + digits.size())
        return formatError("field 'checksums' holds something else than 16 hexadecimal digits");
    return checksum;
}

Result<DescribedMatrix> readMatrix(const Json& value)
{
    if (!value.is_object())
        return formatError("is of type " + std::string(value.type_name()) +
                           ", an object is expected");
    DescribedMatrix result;
    BS_TRY(result.matrix.name, text(value, "name"));
    BS_TRY(result.matrix.rows, natural(value, "rows"));
    BS_TRY(result.matrix.cols, natural(value, "cols"));
    BS_TRY(const Json* linear, field(value, "linear", &Json::is_boolean, "true or false"));
    result.matrix.linear = linear->get<bool>();
    constexpr std::uint64_t kMaxSide = 1ULL << 31;
    if (std::clamp<std::uint64_t>(result.matrix.rows, 1, kMaxSide) != result.matrix.rows ||
        std::clamp<std::uint64_t>(result.matrix.cols, 1, kMaxSide) != result.matrix.cols)
        return formatError("'" + printable(result.matrix.name) + "' is " +
                           std::to_string(result.matrix.rows) + " x " +
                           std::to_string(result.matrix.cols) + ", sides from 1 to " +
                           std::to_string(kMaxSide) + " are allowed");
    BS_TRY(const Json* gains, array(value, "gains"));
    BS_TRY(const Json* checksums, array(value, "checksums"));
    if (gains->size() != checksums->size())
        return formatError("'" + printable(result.matrix.name) + "' has " +
                           std::to_string(gains->size()) + " gains, but " +
                           std::to_string(checksums->size()) + " checksums");
    for (std::size_t i = 0; i < gains->size(); ++i) {
        ContainerBlock block;
        if (!(*gains)[i].is_number())
            return formatError("'" + printable(result.matrix.name) + "' gain " + std::to_string(i) +
                               " is no number");
        block.gain = (*gains)[i].get<double>();
        BS_TRY(block.checksum, readChecksum((*checksums)[i]));
        result.blocks.push_back(std::move(block));
    }
    return result;
}

Result<void> readMatrices(const Json& described, Container& container)
{
    BS_TRY(const Json* matrices, array(described, "matrices"));
    std::set<std::string> names;
    for (std::size_t m = 0; m < matrices->size(); ++m) {
        auto matrix = readMatrix((*matrices)[m]);
        if (!matrix) return std::move(matrix).error().in("matrix " + std::to_string(m));
        const DescribedMatrix& read = matrix.value();
        if (container.codec == kBitstack && !read.matrix.linear && read.blocks.size() > 1)
            return formatError("matrix " + std::to_string(m) + ": '" + printable(read.matrix.name) +
                               "' is a whole tensor, but has " +
                               std::to_string(read.blocks.size()) + " blocks");
        if (!names.insert(read.matrix.name).second)
            return formatError("matrix '" + printable(read.matrix.name) + "' occurs twice");
        container.stack.matrices.push_back(std::move(matrix.value().matrix));
        container.blocks.push_back(std::move(matrix.value().blocks));
    }
    return {};
}

/// The order is stored as matrix numbers: the n-th mention of a matrix is its block n.
Result<void> readOrder(const Json& described, Container& container)
{
    BS_TRY(const Json* order, array(described, "order"));
    std::vector<std::uint32_t> next(container.stack.matrices.size(), 0);
    for (std::size_t i = 0; i < order->size(); ++i) {
        const Json& number = (*order)[i];
        if (!number.is_number_unsigned() || number.get<std::uint64_t>() >= next.size())
            return formatError("loading order entry " + std::to_string(i) + " is not one of the " +
                               std::to_string(next.size()) + " matrices");
        const auto matrix = number.get<std::uint32_t>();
        container.stack.order.push_back({matrix, next[matrix]++});
    }
    BS_TRY(const std::uint64_t smallest, natural(described, "smallest"));
    container.stack.smallestCount = smallest;
    return {};
}

Result<double> number(const Json& object, const char* name)
{
    BS_TRY(const Json* value, field(object, name, &Json::is_number, "a number"));
    return value->get<double>();
}

/// `predicted` may be absent.
Result<void> readPredicted(const Json& described, Container& container)
{
    if (!described.contains("predicted")) return {};
    BS_TRY(const Json* predicted, array(described, "predicted"));
    for (std::size_t i = 0; i < predicted->size(); ++i) {
        auto read = [&](const Json& entry) -> Result<void> {
            if (!entry.is_object())
                return formatError("is of type " + std::string(entry.type_name()) +
                                   ", an object is expected");
            PredictedRise rise;
            BS_TRY(rise.budgetBytes, natural(entry, "budget_bytes"));
            BS_TRY(rise.predictedRise, number(entry, "predicted_rise"));
            BS_TRY(rise.measuredRise, number(entry, "measured_rise"));
            if (!container.predicted.empty() &&
                rise.budgetBytes < container.predicted.back().budgetBytes)
                return formatError("is for " + std::to_string(rise.budgetBytes) +
                                   " bytes, the one before for " +
                                   std::to_string(container.predicted.back().budgetBytes));
            container.predicted.push_back(rise);
            return {};
        }((*predicted)[i]);
        if (!read) return std::move(read).error().in("prediction " + std::to_string(i));
    }
    return {};
}

Result<void> readProvenance(const Json& described, Container& container)
{
    BS_TRY(const Json* provenance, field(described, "provenance", &Json::is_object, "an object"));
    for (const auto& [key, value] : provenance->items()) {
        if (!value.is_string())
            return formatError("provenance '" + printable(key) + "' is of type " +
                               std::string(value.type_name()) + ", a string is expected");
        container.provenance.emplace(key, value.get<std::string>());
    }
    return {};
}

} // namespace

Result<void> readDescription(const Json& described, Container& container)
{
    if (!described.is_object())
        return formatError("is of type " + std::string(described.type_name()) +
                           ", an object is expected");
    BS_TRY(const std::uint64_t version, natural(described, "version"));
    if (version != kVersion)
        return Error{ErrorCode::Unsupported,
                     "the layout is version " + std::to_string(version) +
                         ", this program reads version " + std::to_string(kVersion) +
                         (version > kVersion ? "; a newer program wrote the file" : "")};
    BS_TRY(container.codec, text(described, "codec"));
    BS_CHECK(checkCodec(container.codec));
    BS_CHECK(readProvenance(described, container));
    BS_CHECK(readMatrices(described, container));
    BS_CHECK(readPredicted(described, container));
    return readOrder(described, container);
}

} // namespace bs::layout
