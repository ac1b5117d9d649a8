#pragma once

#include "core/store/records.h"

#include <QAbstractListModel>
#include <QList>

namespace bs::ui {

/// The stored conversations, last changed first. A title is edited in place; who stores it listens
/// to renamed().
class ConversationsModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole, ///< qint64
        ChangedRole,           ///< when something was said last: "14:05", "Tuesday", a date
        FoundRole,             ///< of a search: the text around the hit, else empty
    };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// Rows that stay where they are keep their place, their selection and an open editor.
    void setConversations(const QList<ConversationRecord>& conversations);
    /// -1 if it is not in the list.
    int rowOf(qint64 id) const;
    const ConversationRecord& record(int row) const { return m_records.at(row); }

Q_SIGNALS:
    void renamed(qint64 id, const QString& title);

private:
    QList<ConversationRecord> m_records;
};

} // namespace bs::ui
