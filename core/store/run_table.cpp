#include "core/store/run_table.h"

#include "core/store/store.h"

#include <unordered_map>

namespace bs {

namespace {

/// A row for each measurement, the sizes of a run behind each other; a run without any has one row.
constexpr const char* kQuery =
    "SELECT r.id, r.kind, r.model_path, "
    "CASE WHEN json_valid(r.settings) THEN json_extract(r.settings, '$.text') END, "
    "CASE WHEN json_valid(r.settings) THEN json_extract(r.settings, '$.sweep') END, "
    "r.machine, r.started, r.state, r.error, (SELECT content FROM notes WHERE run = r.id), "
    "coalesce(m.artifact, r.artifact), m.file_bytes, m.context, m.metric, m.value, m.error, "
    "m.data_hash "
    "FROM runs r LEFT JOIN measurements m ON m.run = r.id WHERE r.removed IS NULL "
    "ORDER BY r.id DESC, m.id";

std::string nameOfFile(const std::string& path)
{
    return path.substr(path.find_last_of('/') + 1);
}

std::string dataName(const std::string& text, const std::string& hash)
{
    constexpr std::size_t kHashShown = 4;
    if (hash.empty()) return nameOfFile(text);
    const std::string name = nameOfFile(text);
    return name.empty() ? hash.substr(0, kHashShown)
                        : name + " (" + hash.substr(0, kHashShown) + ")";
}

std::shared_ptr<const RunInfo> infoOf(const SqlRow& row)
{
    auto info = std::make_shared<RunInfo>();
    info->id = row.integer(0);
    info->kind = row.text(1);
    info->path = row.text(2);
    info->data = dataName(row.text(3), row.text(16));
    info->sweep = row.text(4);
    info->machine = row.text(5);
    info->started = row.text(6);
    info->state = row.text(7);
    info->error = row.text(8);
    info->note = row.text(9);
    return info;
}

std::optional<double>* placeFor(RunPoint& point, const std::string& metric)
{
    if (metric == "perplexity") return &point.perplexity;
    if (metric == "kld_mean") return &point.kld;
    if (metric == "same_top") return &point.sameTop;
    if (metric == "generate_tokens_per_second") return &point.tokensPerSecond;
    return nullptr;
}

using Files = std::unordered_map<std::int64_t, std::shared_ptr<const RunFile>>;

/// Gathers the rows of the query to points.
class TableBuilder
{
public:
    explicit TableBuilder(Files files)
        : m_files(std::move(files))
    {
    }

    void add(const SqlRow& row)
    {
        const std::int64_t artifact = row.isNull(10) ? 0 : row.integer(10);
        const std::uint64_t bytes = row.size(11);
        if (m_table.empty() || m_table.back().run->id != row.integer(0))
            begin(infoOf(row), artifact, bytes);
        else if (m_artifact != artifact || m_table.back().fileBytes != bytes)
            begin(m_table.back().run, artifact, bytes);
        RunPoint& point = m_table.back();
        point.context = row.optionalSize(12);
        const std::string metric = row.text(13);
        if (std::optional<double>* const place = placeFor(point, metric))
            *place = row.optionalNumber(14);
        if (metric == "perplexity") point.perplexityError = row.optionalNumber(15);
    }

    RunTable take() { return std::move(m_table); }

private:
    void begin(std::shared_ptr<const RunInfo> run, std::int64_t artifact, std::uint64_t bytes)
    {
        RunPoint point;
        const auto known = m_files.find(artifact);
        point.file = known != m_files.end()
                         ? known->second
                         : std::make_shared<const RunFile>(RunFile{run->path, {}, run->path});
        point.run = std::move(run);
        point.fileBytes = bytes;
        m_artifact = artifact;
        m_table.push_back(std::move(point));
    }

    Files m_files;
    RunTable m_table;
    std::int64_t m_artifact = 0; ///< of the last point
};

} // namespace

Result<RunTable> Store::runTable()
{
    Files files;
    BS_CHECK(m_database.query("SELECT a.id, a.path, a.method, m.path FROM artifacts a "
                              "JOIN models m ON m.id = a.model",
                              {}, [&](const SqlRow& row) {
                                  files[row.integer(0)] = std::make_shared<const RunFile>(
                                      RunFile{row.text(1), row.text(2), row.text(3)});
                              }));
    TableBuilder builder(std::move(files));
    BS_CHECK(m_database.query(kQuery, {}, [&](const SqlRow& row) { builder.add(row); }));
    return builder.take();
}

} // namespace bs
