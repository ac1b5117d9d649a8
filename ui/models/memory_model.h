#pragma once

#include "ui/jobs/records.h"

#include <QAbstractTableModel>
#include <QDateTime>

#include <deque>

namespace bs::ui {

/// What the engine held, moment after moment, with marks at what happened. The last kMostSamples
/// are kept: two hours of a model that lies still.
class MemoryModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Event, Engine, Weights, KvCache, Free, ColumnCount };
    enum class Mark { None, Opened, Slid, AnswerBegan, AnswerEnded, Closed, WorkerLost };

    struct Sample
    {
        QDateTime when; ///< UTC
        Mark mark = Mark::None;
        qint64 rssBytes = 0;
        qint64 weightBytes = 0;
        qint64 kvBytes = 0;
        qint64 freeBytes = 0;
        qint64 fileBytes = 0; ///< the size that was set
    };

    static constexpr int kMostSamples = 4096;
    static constexpr int kGapMs = 500;
    static constexpr int kSameSlideMs = 1000;

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// A drag of the slider is one event; what comes within kGapMs and is none is left out.
    void add(const EngineState& state, Mark mark, const QDateTime& when);
    void clear();
    const std::deque<Sample>& samples() const { return m_samples; }
    /// Figures of a moment, a line each.
    QString cardOf(int row) const;
    QString summary() const;
    static QString markName(Mark mark);

private:
    std::deque<Sample> m_samples;
};

} // namespace bs::ui
