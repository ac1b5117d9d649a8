#include "ui/models/conversations_model.h"

#include "ui/models/words.h"

#include <algorithm>

namespace bs::ui {

namespace {

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

bool sameOrder(const QList<ConversationRecord>& a, const QList<ConversationRecord>& b)
{
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(),
        [](const ConversationRecord& x, const ConversationRecord& y) { return x.id == y.id; });
}

} // namespace

int ConversationsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

QVariant ConversationsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ConversationRecord& record = m_records.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return text(record.title);
    case Qt::ToolTipRole:
        return tr("%1\n%2\nbegun %3")
            .arg(text(record.title), text(record.modelPath), whenText(text(record.created)));
    case Qt::AccessibleTextRole:
        return tr("%1, %2").arg(text(record.title), whenText(text(record.changed)));
    case IdRole:
        return qint64{record.id};
    case ChangedRole:
        return whenText(text(record.changed));
    case FoundRole:
        return text(record.found);
    default:
        return {};
    }
}

bool ConversationsModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid)) return false;
    const QString title = value.toString().simplified();
    ConversationRecord& record = m_records[index.row()];
    if (title.isEmpty() || title == text(record.title)) return false;
    record.title = title.toStdString();
    Q_EMIT dataChanged(index, index,
                       {Qt::DisplayRole, Qt::EditRole, Qt::ToolTipRole, Qt::AccessibleTextRole});
    Q_EMIT renamed(record.id, title);
    return true;
}

Qt::ItemFlags ConversationsModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsEditable : flags;
}

QHash<int, QByteArray> ConversationsModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractListModel::roleNames();
    names.insert(IdRole, "id");
    names.insert(ChangedRole, "changed");
    names.insert(FoundRole, "found");
    return names;
}

void ConversationsModel::setConversations(const QList<ConversationRecord>& conversations)
{
    if (sameOrder(m_records, conversations)) {
        m_records = conversations;
        if (!m_records.isEmpty()) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_records = conversations;
    endResetModel();
}

int ConversationsModel::rowOf(qint64 id) const
{
    const auto place = std::find_if(m_records.begin(), m_records.end(),
                                    [id](const ConversationRecord& r) { return r.id == id; });
    return place == m_records.end() ? -1 : static_cast<int>(place - m_records.begin());
}

} // namespace bs::ui
