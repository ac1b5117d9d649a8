#pragma once

#include "core/store/run_view.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <atomic>
#include <memory>

namespace bs::ui {

/// Results are whole and never change.
using RunTablePointer = std::shared_ptr<const RunTable>;
using RunViewPointer = std::shared_ptr<const RunView>;

/// Filters, sorts and writes the run table on a thread of its own: of a hundred thousand rows each
/// takes longer than a window may be held up. Of several questions the newest is answered.
class RunQuery : public QObject
{
    Q_OBJECT

public:
    struct Question
    {
        RunTablePointer table;
        QString filter;
        RunColumn sortedBy = RunColumn::Id;
        bool descending = true;
    };

    explicit RunQuery(QObject* parent = nullptr);
    ~RunQuery() override;

    /// answered() or refused() follows.
    void ask(const Question& question);
    /// Rows of a table as CSV to a file; written() or failed() follows.
    void writeCsv(RunTablePointer table, std::vector<std::uint32_t> points,
                  std::vector<RunColumn> columns, const QString& path);
    /// Rows with tabs between their columns; textMade() follows.
    void makeText(RunTablePointer table, std::vector<std::uint32_t> points,
                  std::vector<RunColumn> columns);
    /// Lets go of a table on the thread: giving back the memory of a large one takes a while too.
    void drop(RunTablePointer table);

Q_SIGNALS:
    void answered(const bs::ui::RunTablePointer& table, const bs::ui::RunViewPointer& view);
    /// The filter cannot be read.
    void refused(const QString& sentence);
    void written(const QString& path, int rows);
    void textMade(const QString& text);
    void failed(const QString& sentence);

private:
    QThreadPool m_thread;
    std::atomic<int> m_newest = 0;
};

} // namespace bs::ui
