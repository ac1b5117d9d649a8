#pragma once

#include "ui/jobs/records.h"

#include <QAbstractListModel>
#include <QJsonArray>

namespace bs::ui {

/// One message on screen.
struct ChatRow
{
    qint64 key = 0;
    QString speaker; ///< "user" or "assistant"
    QString text;
    QString note;         ///< a line below the text: speed, size, why it ended
    bool pending = false; ///< the answer is still being made
    int version = 1;      ///< which of `versions` this is, from 1
    int versions = 1;
    int waysOn = 0; ///< of the last row: how many ways the conversation went on from it
};

/// The messages of the conversation on screen, the answer that is being made included.
class ConversationModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        SpeakerRole = Qt::UserRole, ///< "user" or "assistant"
        NoteRole,                   ///< a line below the text: speed, size, why it ended
        PendingRole,                ///< the answer is still being made
        VersionRole,                ///< which version this is, from 1
        VersionsRole,               ///< how many there are
        WaysOnRole,                 ///< of the last row: how many ways it went on from there
    };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    const ChatRow& row(int row) const { return m_rows.at(row); }
    /// Shows other rows: those that begin both stay, the rest is exchanged.
    void setRows(const QList<ChatRow>& rows);
    /// Adds to the answer that is being made; nothing if there is none.
    void appendToAnswer(const QString& piece);
    /// The answer is whole, or as whole as it will get.
    void endAnswer(const QString& note);

    bool isEmpty() const { return m_rows.isEmpty(); }
    bool endsWithAnswer() const;
    QString lastText() const { return m_rows.isEmpty() ? QString() : m_rows.last().text; }
    /// The conversation as the worker wants it, without an empty pending answer.
    QJsonArray toJson(const QString& system) const;

private:
    void lastChanged(const QList<int>& roles);

    QList<ChatRow> m_rows;
};

} // namespace bs::ui
