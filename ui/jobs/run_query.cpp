#include "ui/jobs/run_query.h"

#include "core/base/file.h"
#include "core/store/run_text.h"

namespace bs::ui {

namespace {

Result<void> writeFile(const std::string& path, const std::string& text)
{
    BS_TRY(AtomicFile file, AtomicFile::create(path, true));
    BS_CHECK(file.write(text));
    return file.commit();
}

} // namespace

RunQuery::RunQuery(QObject* parent)
    : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

RunQuery::~RunQuery()
{
    ++m_newest;
    m_thread.waitForDone();
}

/// Signals go out from the thread and arrive on the window's; one that a newer question overtook is
/// not sent, or its receiver sees it replaced at once.
void RunQuery::ask(const Question& question)
{
    const int number = ++m_newest;
    m_thread.start([this, number, question] {
        if (number != m_newest) return;
        const Result<RunFilter> filter = RunFilter::parse(question.filter.toStdString());
        if (!filter) {
            if (number == m_newest) Q_EMIT refused(QString::fromStdString(filter.error().message));
            return;
        }
        const auto view = std::make_shared<const RunView>(
            viewOf(*question.table, filter.value(), question.sortedBy, question.descending));
        if (number == m_newest) Q_EMIT answered(question.table, view);
    });
}

void RunQuery::writeCsv(RunTablePointer table, std::vector<std::uint32_t> points,
                        std::vector<RunColumn> columns, const QString& path)
{
    m_thread.start([this, table = std::move(table), points = std::move(points),
                    columns = std::move(columns), path] {
        const Result<void> done =
            writeFile(path.toStdString(), runTableText(*table, points, columns, ','));
        if (done)
            Q_EMIT written(path, static_cast<int>(points.size()));
        else
            Q_EMIT failed(QString::fromStdString(done.error().message));
    });
}

void RunQuery::drop(RunTablePointer table)
{
    m_thread.start([table = std::move(table)] {});
}

void RunQuery::makeText(RunTablePointer table, std::vector<std::uint32_t> points,
                        std::vector<RunColumn> columns)
{
    m_thread.start(
        [this, table = std::move(table), points = std::move(points), columns = std::move(columns)] {
            Q_EMIT textMade(QString::fromStdString(runTableText(*table, points, columns, '\t')));
        });
}

} // namespace bs::ui
