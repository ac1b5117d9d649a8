#pragma once

#include "ui/pages/message_writer.h"

#include <QElapsedTimer>
#include <QList>
#include <QStringList>
#include <QTextBrowser>
#include <QTimer>

class QAbstractItemModel;
class QTextFrame;

namespace bs::ui {

/// Shows a conversation model as text that can be selected and read aloud. Answers are Markdown.
/// What can be done with a message are links beside its heading, reached with Tab like any link; a
/// link in an answer is never followed, only reported.
class ChatView : public QTextBrowser
{
    Q_OBJECT

public:
    explicit ChatView(QWidget* parent = nullptr);

    void setConversation(QAbstractItemModel* model);
    void setEmptyText(const QString& text);

    QVariant loadResource(int type, const QUrl& name) override;

Q_SIGNALS:
    void editRequested(int row);
    void regenerateRequested(int row);
    void branchRequested(int row);
    void versionRequested(int row, int step);
    void wayOnRequested();
    void copyRequested(const QString& text);
    /// A link of an answer was clicked.
    void webLinkClicked(const QUrl& url);

protected:
    void changeEvent(QEvent* event) override;
    void doSetSource(const QUrl&, QTextDocument::ResourceType) override {}

private:
    void rebuild();
    void addRows();
    void addRow(int row);
    void addBody(QTextCursor& cursor, int row);
    MessageWriter writer() const;
    void cutFrom(int row);
    void updateLast(int row);
    void renderLast();
    void appendPlain(const QString& text);
    void finishInPlace(int row);
    QTextFrame* frameOf(int row) const;
    void thinLastBlock();
    void followLink(const QUrl& url);
    void keepAtEnd(bool wasAtEnd);
    bool isAtEnd() const;

    /// What is on screen of a row.
    struct Shown
    {
        int start = 0; ///< of its frame
        int body = 0;  ///< of its text
        QStringList codes;
    };

    QAbstractItemModel* m_model = nullptr;
    QList<Shown> m_shown;
    qsizetype m_shownLength = 0; ///< characters of the last row on screen
    QTimer m_sliceTimer;         ///< until the rest of a long conversation is laid out
    QTimer m_renderTimer;        ///< of an answer that grows
    QElapsedTimer m_sinceRender;
    qint64 m_renderMs = 0; ///< how long the last time took
    bool m_building = false;
};

} // namespace bs::ui
