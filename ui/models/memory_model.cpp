#include "ui/models/memory_model.h"

#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>
#include <array>

namespace bs::ui {

int MemoryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_samples.size());
}

int MemoryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MemoryModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Sample& sample = m_samples.at(static_cast<std::size_t>(index.row()));
    if (role == Qt::TextAlignmentRole && index.column() >= Engine)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::EditRole) return {};
    if (index.column() == Time)
        return role == Qt::EditRole ? sample.when.toString(Qt::ISODateWithMs)
                                    : clockText(sample.when);
    if (index.column() == Event) return markName(sample.mark);
    const std::array bytes{sample.rssBytes, sample.weightBytes, sample.kvBytes, sample.freeBytes};
    const qint64 value = bytes.at(static_cast<std::size_t>(index.column() - Engine));
    return role == Qt::EditRole ? QVariant(value) : QVariant(sizeText(value));
}

QVariant MemoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    static constexpr std::array kKeys{"time",         "event",          "engine_bytes",
                                      "weight_bytes", "kv_cache_bytes", "free_bytes"};
    if (role == Qt::EditRole)
        return QString(QLatin1String(kKeys.at(static_cast<std::size_t>(section))));
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Event:
        return tr("Event");
    case Engine:
        return tr("Engine in all");
    case Weights:
        return tr("Weights");
    case KvCache:
        return tr("KV cache");
    default:
        return tr("Free memory");
    }
}

QString MemoryModel::markName(Mark mark)
{
    switch (mark) {
    case Mark::Opened:
        return tr("model opened");
    case Mark::Slid:
        return tr("size changed");
    case Mark::AnswerBegan:
        return tr("answer began");
    case Mark::AnswerEnded:
        return tr("answer ended");
    case Mark::Closed:
        return tr("model closed");
    case Mark::WorkerLost:
        return tr("engine lost");
    case Mark::None:
        break;
    }
    return {};
}

void MemoryModel::add(const EngineState& state, Mark mark, const QDateTime& when)
{
    const Sample sample{when,           mark,
                        state.rssBytes, state.weightBytes,
                        state.kvBytes,  state.freeMemoryBytes,
                        state.fileBytes};
    if (!m_samples.empty()) {
        Sample& last = m_samples.back();
        const qint64 gap = last.when.msecsTo(when);
        if (mark == Mark::None && gap < kGapMs) return;
        if (mark == Mark::Slid && last.mark == Mark::Slid && gap < kSameSlideMs) {
            last = sample;
            Q_EMIT dataChanged(index(rowCount() - 1, 0), index(rowCount() - 1, ColumnCount - 1));
            return;
        }
    }
    if (rowCount() == kMostSamples) {
        beginRemoveRows({}, 0, 0);
        m_samples.pop_front();
        endRemoveRows();
    }
    beginInsertRows({}, rowCount(), rowCount());
    m_samples.push_back(sample);
    endInsertRows();
}

void MemoryModel::clear()
{
    beginResetModel();
    m_samples.clear();
    endResetModel();
}

QString MemoryModel::cardOf(int row) const
{
    const Sample& s = m_samples.at(static_cast<std::size_t>(row));
    QString text = clockText(s.when);
    if (s.mark != Mark::None) text += QStringLiteral(" · ") + markName(s.mark);
    if (s.fileBytes > 0) text += QLatin1Char('\n') + tr("size %1").arg(sizeText(s.fileBytes));
    return text + QLatin1Char('\n') +
           tr("engine in all %1\nweights %2 · KV cache %3\nfree memory %4")
               .arg(sizeText(s.rssBytes), sizeText(s.weightBytes), sizeText(s.kvBytes),
                    sizeText(s.freeBytes));
}

QString MemoryModel::summary() const
{
    if (m_samples.empty()) return tr("Nothing was open yet.");
    const auto byRss = [](const Sample& a, const Sample& b) { return a.rssBytes < b.rssBytes; };
    const auto most = std::max_element(m_samples.begin(), m_samples.end(), byRss);
    const auto marks = std::count_if(m_samples.begin(), m_samples.end(),
                                     [](const Sample& s) { return s.mark != Mark::None; });
    return tr("From %1 to %2: the engine holds %3 now, %4 at most (%5); %6 events.")
        .arg(clockText(m_samples.front().when), clockText(m_samples.back().when),
             sizeText(m_samples.back().rssBytes), sizeText(most->rssBytes), clockText(most->when),
             QLocale().toString(static_cast<qlonglong>(marks)));
}

} // namespace bs::ui
