#pragma once

#include "core/formats/safetensors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bs::test {

/// A container taken to pieces, so that one of them can be changed.
struct Pieces
{
    std::map<std::string, std::string> metadata;
    std::vector<TensorDesc> tensors;
    std::vector<std::string> data; ///< of each tensor

    explicit Pieces(const std::string& path)
    {
        const auto file = readSafetensors(path);
        REQUIRE(file);
        metadata = file.value().metadata;
        tensors = file.value().tensors;
        for (const TensorDesc& tensor : tensors) {
            std::string& bytes = data.emplace_back(tensor.bytes, '\0');
            REQUIRE(file.value().file->readAt(tensor.offset, std::as_writable_bytes(std::span(bytes.data(), bytes.size()))));
        }
    }

    std::size_t indexOf(const std::string& name) const
    {
        const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const TensorDesc& t) { return t.name == name; });
        REQUIRE(found != tensors.end());
        return static_cast<std::size_t>(found - tensors.begin());
    }
    void remove(const std::string& name)
    {
        const auto i = static_cast<std::ptrdiff_t>(indexOf(name));
        tensors.erase(tensors.begin() + i);
        data.erase(data.begin() + i);
    }
    /// Another shape for the same bytes, or other bytes for another dtype.
    void reshape(const std::string& name, DType type, std::vector<std::uint64_t> shape)
    {
        const std::size_t i = indexOf(name);
        tensors[i].dtype = type;
        tensors[i].shape = std::move(shape);
        tensors[i].bytes = tensors[i].elements() * infoOf(type).blockBytes;
        data[i].resize(tensors[i].bytes, 'r');
    }
    void replaceInMetadata(const std::string& from, const std::string& to)
    {
        std::string& text = metadata["bitstack"];
        const std::size_t at = text.find(from);
        INFO(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
    }
    /// By dtype, then name: what Python's safetensors does when it saves a file again.
    void sortAsPythonDoes()
    {
        std::vector<std::size_t> order(tensors.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const auto key = [&](std::size_t i) {
                return std::pair(-static_cast<int>(infoOf(tensors[i].dtype).blockBytes), tensors[i].name);
            };
            return key(a) < key(b);
        });
        Pieces sorted = *this;
        for (std::size_t i = 0; i < order.size(); ++i) {
            sorted.tensors[i] = tensors[order[i]];
            sorted.data[i] = data[order[i]];
        }
        *this = sorted;
    }
    std::string bytes(std::uint64_t alignment = 4096) const
    {
        std::string all = safetensorsHeader(tensors, metadata, alignment);
        for (const std::string& piece : data)
            all += piece;
        return all;
    }
};

} // namespace bs::test
