#pragma once

#include <QTextBrowser>

class QAbstractItemModel;

namespace bs::ui {

/// Shows a conversation model as text that can be selected and read aloud; a growing answer is
/// added to, not laid out again.
class ChatView : public QTextBrowser
{
    Q_OBJECT

public:
    explicit ChatView(QWidget* parent = nullptr);

    void setConversation(QAbstractItemModel* model);
    void setEmptyText(const QString& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void addRow(int row);
    void updateRow(int row);
    void hideFirstBlock();
    void addNote(const QString& note);
    void keepAtEnd(bool wasAtEnd);
    bool isAtEnd() const;

    QAbstractItemModel* m_model = nullptr;
    int m_shownRows = 0;
    qsizetype m_shownLength = 0; ///< characters of the last row on screen
    bool m_noteShown = false;    ///< of the last row
    bool m_building = false;
};

} // namespace bs::ui
