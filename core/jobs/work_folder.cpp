#include "core/jobs/work_folder.h"

#include "core/base/file.h"
#include "core/formats/safetensors.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace bs {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSettings = "settings";
constexpr const char* kPrices = "prices";
constexpr std::array<const char*, 3> kParts{"sign", "u", "vt"};

Error ioError(const std::string& path, const std::error_code& code)
{
    return Error{ErrorCode::Io, path + ": " + code.message()};
}

Result<void> writeText(const std::string& path, const std::string& text)
{
    BS_TRY(AtomicFile file, AtomicFile::create(path, true));
    BS_CHECK(file.write(text));
    return file.commit();
}

Result<void> writeFile(const std::string& path, const std::vector<TensorDesc>& tensors,
                       const std::map<std::string, std::string>& metadata,
                       const std::vector<std::span<const std::byte>>& data)
{
    BS_TRY(AtomicFile file, AtomicFile::create(path, true));
    BS_CHECK(file.write(safetensorsHeader(tensors, metadata, 64)));
    for (const auto bytes : data)
        BS_CHECK(file.write(bytes));
    return file.commit();
}

/// A tensor of a file of ours, read when the container asks for it.
Result<PendingTensor> pendingTensor(const SafetensorsFile& file, const std::string& tensor, const std::string& newName)
{
    const TensorDesc* desc = file.find(tensor);
    if (desc == nullptr)
        return Error{ErrorCode::Format, file.file->path() + ": tensor " + tensor + " is missing"};
    PendingTensor pending;
    pending.desc = *desc;
    pending.desc.name = newName;
    pending.read = [path = file.file->path(), offset = desc->offset, size = desc->bytes]() -> Result<std::vector<std::byte>> {
        BS_TRY(const File data, File::open(path));
        std::vector<std::byte> bytes(size);
        BS_CHECK(data.readAt(offset, bytes));
        return bytes;
    };
    return pending;
}

std::string numbersText(const std::vector<double>& values)
{
    std::ostringstream text;
    text.precision(17);
    for (const double value : values)
        text << value << ' ';
    return text.str();
}

std::vector<double> numbersOf(const std::string& text)
{
    std::vector<double> values;
    std::istringstream words(text);
    for (std::string value; words >> value;)
        values.push_back(std::strtod(value.c_str(), nullptr));
    return values;
}

template <class T>
TensorDesc describe(const std::string& name, DType dtype, std::vector<std::uint64_t> shape, const std::vector<T>& values)
{
    return {name, dtype, std::move(shape), 0, values.size() * sizeof(T)};
}

} // namespace

Result<WorkFolder> WorkFolder::open(const std::string& path)
{
    BS_TRY(FolderLock lock, FolderLock::take(path));
    WorkFolder folder(path, std::move(lock));
    std::error_code failed;
    // Only a folder that is one of ours is cleared.
    if (!fs::is_empty(path, failed) && !fs::exists(folder.file(kSettings)))
        return Error{ErrorCode::Io, path + ": is needed for finished matrices, but holds something else"};
    return Result<WorkFolder>(std::move(folder));
}

Result<void> WorkFolder::begin(const std::string& settings, bool resume) const
{
    const auto found = readTextFile(file(kSettings));
    if (resume && found && found.value() == settings)
        return {};
    std::error_code failed;
    for (const fs::directory_entry& entry : fs::directory_iterator(m_path, failed)) {
        fs::remove_all(entry.path(), failed);
        if (failed)
            break;
    }
    if (failed)
        return ioError(m_path, failed);
    return writeText(file(kSettings), settings);
}

Result<void> WorkFolder::savePrices(const std::vector<double>& prices) const
{
    return writeText(file(kPrices), numbersText(prices));
}

std::vector<double> WorkFolder::loadPrices() const
{
    const auto text = readTextFile(file(kPrices));
    return text ? numbersOf(text.value()) : std::vector<double>();
}

void WorkFolder::remove() const
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

bool WorkFolder::hasMatrix(const std::string& name) const
{
    return fs::exists(file(name));
}

Result<void> WorkFolder::saveMatrix(const std::string& name, const Matrix& matrix,
                                    const std::vector<bitstack::Block>& blocks) const
{
    const bitstack::Shape& s = matrix.shape;
    std::vector<TensorDesc> tensors;
    std::vector<std::span<const std::byte>> data;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const std::string prefix = std::to_string(i) + ".";
        tensors.push_back(describe(prefix + kParts[0], DType::U8, {s.rows, s.cols / 8}, blocks[i].sign));
        tensors.push_back(describe(prefix + kParts[1], DType::F16, {s.rows, s.k}, blocks[i].u));
        tensors.push_back(describe(prefix + kParts[2], DType::F16, {s.k, s.cols}, blocks[i].vt));
        data.push_back(std::as_bytes(std::span(blocks[i].sign)));
        data.push_back(std::as_bytes(std::span(blocks[i].u)));
        data.push_back(std::as_bytes(std::span(blocks[i].vt)));
    }
    return writeFile(file(name), tensors, {{"loss", numbersText(matrix.loss)}}, data);
}

Result<WorkFolder::Matrix> WorkFolder::loadMatrix(const std::string& name) const
{
    BS_TRY(const SafetensorsFile data, readSafetensors(file(name)));
    const TensorDesc* u = data.find("0.u");
    const TensorDesc* vt = data.find("0.vt");
    const auto loss = data.metadata.find("loss");
    if (u == nullptr || vt == nullptr || loss == data.metadata.end())
        return Error{ErrorCode::Format, file(name) + ": is no finished matrix"};
    Matrix matrix;
    matrix.shape = {u->shape[0], vt->shape[1], u->shape[1]};
    matrix.loss = numbersOf(loss->second);
    if (matrix.loss.size() != data.tensors.size() / kParts.size() + 1)
        return Error{ErrorCode::Format, file(name) + ": has " + std::to_string(matrix.loss.size()) + " loss values for " +
                                            std::to_string(data.tensors.size()) + " tensors"};
    return matrix;
}

Result<std::vector<PendingBlock>> WorkFolder::pendingBlocks(const StackMatrix& matrix) const
{
    BS_TRY(const SafetensorsFile data, readSafetensors(file(matrix.name)));
    std::vector<PendingBlock> blocks(data.tensors.size() / kParts.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto names = blockPartNames("bitstack", matrix, i);
        for (std::size_t part = 0; part < kParts.size(); ++part) {
            BS_TRY(PendingTensor tensor, pendingTensor(data, std::to_string(i) + "." + kParts[part], names[part]));
            blocks[i].parts.push_back(std::move(tensor));
        }
    }
    return blocks;
}

Result<void> WorkFolder::saveNested(const std::string& name, const nested::Encoded& encoded) const
{
    std::vector<TensorDesc> tensors;
    std::vector<std::span<const std::byte>> data;
    std::vector<double> loss{encoded.loss};
    std::vector<double> price;
    for (const nested::EncodedBlock& block : encoded.blocks) {
        tensors.push_back(describe(std::to_string(tensors.size()), DType::U8, {block.bytes.size()}, block.bytes));
        data.push_back(block.bytes);
        loss.push_back(block.loss);
        price.push_back(block.price);
    }
    return writeFile(file(name), tensors, {{"loss", numbersText(loss)}, {"price", numbersText(price)}}, data);
}

Result<WorkFolder::NestedMatrix> WorkFolder::loadNested(const StackMatrix& matrix) const
{
    BS_TRY(const SafetensorsFile data, readSafetensors(file(matrix.name)));
    NestedMatrix result;
    if (const auto loss = data.metadata.find("loss"); loss != data.metadata.end())
        result.loss = numbersOf(loss->second);
    if (const auto price = data.metadata.find("price"); price != data.metadata.end())
        result.price = numbersOf(price->second);
    if (result.price.size() != data.tensors.size() || result.loss.size() != data.tensors.size() + 1)
        return Error{ErrorCode::Format, file(matrix.name) + ": has " + std::to_string(result.price.size()) + " prices and " +
                                            std::to_string(result.loss.size()) + " losses for " + std::to_string(data.tensors.size()) +
                                            " blocks"};
    for (std::size_t i = 0; i < result.price.size(); ++i) {
        BS_TRY(PendingTensor tensor, pendingTensor(data, std::to_string(i), blockPartNames("nested", matrix, i).front()));
        result.blocks.emplace_back().parts.push_back(std::move(tensor));
    }
    return result;
}

bool WorkFolder::hasNorm(const std::string& name) const
{
    return fs::exists(file(name));
}

Result<void> WorkFolder::saveNorm(const std::string& name, const std::vector<float>& values) const
{
    return writeFile(file(name), {describe(name, DType::F32, {values.size()}, values)}, {}, {std::as_bytes(std::span(values))});
}

Result<PendingTensor> WorkFolder::pendingNorm(const std::string& name) const
{
    BS_TRY(const SafetensorsFile data, readSafetensors(file(name)));
    return pendingTensor(data, name, name);
}

} // namespace bs
