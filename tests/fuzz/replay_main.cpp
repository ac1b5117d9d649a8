// Stands in for the fuzzer where the compiler has none: feeds a target every file of its corpus and
// a fixed number of mutations of each, the same ones in every run.
//
//     fuzz_x CORPUS_FOLDER [MUTATIONS_PER_FILE]

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

class Mutator
{
public:
    explicit Mutator(std::uint64_t seed) : m_random(seed) {}

    std::string mutate(std::string input)
    {
        for (std::size_t n = 1 + below(4); n > 0; --n)
            change(input);
        return input;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_random() % limit; }

    /// A place, one time in two within the first 1024 bytes, where headers are.
    std::size_t place(const std::string& input) { return below(below(2) == 0 ? std::min<std::size_t>(input.size(), 1024) : input.size()); }

    void change(std::string& input)
    {
        if (input.empty())
            return;
        const std::size_t at = place(input);
        switch (below(9)) {
        case 0: input[at] = static_cast<char>(input[at] ^ (1 << below(8))); break;
        case 1: input[at] = static_cast<char>(m_random()); break;
        case 2: changeDigit(input, at); break;
        case 3: overwriteNumber(input, at); break;
        case 4: overwriteToken(input, at); break;
        case 5: copyWithin(input, at); break;
        case 6: input.resize(below(4) == 0 ? at : input.size() - below(std::min<std::size_t>(input.size(), 70))); break;
        case 7: input.insert(at, 1 + below(16), static_cast<char>(m_random())); break;
        default: input.erase(at, 1 + below(16)); break;
        }
    }

    /// The next digit from here on becomes another one: JSON stays JSON.
    void changeDigit(std::string& input, std::size_t at)
    {
        at = input.find_first_of("0123456789", at);
        if (at != std::string::npos)
            input[at] = static_cast<char>('0' + below(10));
    }

    void overwriteNumber(std::string& input, std::size_t at)
    {
        constexpr std::uint64_t kNumbers[] = {0, 1, 2, 7, 8, 32, 255, 65535, 0x7FFFFFFF, 0xFFFFFFFF, 1ULL << 32,
                                              1ULL << 62, 1ULL << 63, ~0ULL, ~0ULL - 31};
        const std::uint64_t number = kNumbers[below(std::size(kNumbers))] + below(2);
        const std::size_t width = std::min<std::size_t>(std::size_t{1} << below(4), input.size() - at);
        std::memcpy(input.data() + at, &number, width);
    }

    void overwriteToken(std::string& input, std::size_t at)
    {
        constexpr const char* kTokens[] = {"[", "]", "{", "}", "\"", ",", ":", "null", "-1", "1e9", "\\u0000", "F16", "F32", "U8", "18446744073709551615"};
        const std::string token = kTokens[below(std::size(kTokens))];
        input.replace(at, std::min(token.size(), input.size() - at), token);
    }

    void copyWithin(std::string& input, std::size_t at)
    {
        const std::size_t from = place(input);
        const std::size_t length = std::min({1 + below(48), input.size() - at, input.size() - from});
        input.replace(at, length, input.substr(from, length));
    }

    std::mt19937_64 m_random;
};

void feed(const std::string& input)
{
    // A copy of exactly this size, so that a sanitizer sees reads past the end.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER [MUTATIONS_PER_FILE]\n", argv[0]);
        return 2;
    }
    const std::uint64_t mutations = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 3000;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& path : files) {
        std::ifstream in(path, std::ios::binary);
        const std::string input{std::istreambuf_iterator<char>(in), {}};
        feed(input);
        Mutator mutator(input.size() + 1);
        for (std::uint64_t i = 0; i < mutations; ++i)
            feed(mutator.mutate(input));
    }
    std::printf("%zu files, %llu mutations each\n", files.size(), static_cast<unsigned long long>(mutations));
    return files.empty() ? 1 : 0; // a gate that checks nothing fails
}
