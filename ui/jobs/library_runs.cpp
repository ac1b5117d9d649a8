#include "ui/jobs/library.h"

namespace bs::ui {

void Library::postOnRuns(std::function<Result<void>(Store&)> work)
{
    postStore([this, work = std::move(work)](Store& store) -> Result<void> {
        BS_CHECK(work(store));
        Q_EMIT runsChanged();
        return {};
    });
}

void Library::readRuns()
{
    postStore([this](Store& store) -> Result<void> {
        BS_TRY(RunTable table, store.runTable());
        Q_EMIT runsRead(std::make_shared<const RunTable>(std::move(table)));
        return {};
    });
}

void Library::setRunNote(qint64 run, const QString& note)
{
    postOnRuns(
        [run, text = note.toStdString()](Store& store) { return store.setRunNote(run, text); });
}

void Library::removeRuns(const QList<qint64>& runs)
{
    postOnRuns([runs](Store& store) { return store.removeRuns({runs.begin(), runs.end()}); });
}

void Library::restoreRuns(const QList<qint64>& runs)
{
    postOnRuns([runs](Store& store) { return store.restoreRuns({runs.begin(), runs.end()}); });
}

void Library::abandonRuns(const QString& modelPath, const QDateTime& startedSince,
                          const QString& reason)
{
    postOnRuns([path = modelPath.toStdString(), reason = reason.toStdString(),
                since = startedSince.toUTC().toString(Qt::ISODateWithMs).toStdString()](
                   Store& store) -> Result<void> {
        BS_TRY([[maybe_unused]] const std::int64_t abandoned,
               store.abandonRuns(path, since, reason));
        return {};
    });
}

} // namespace bs::ui
