#pragma once

#include <QFrame>

class QLabel;

namespace bs::ui {

/// What was just taken away, and a button that brings it back; hidden until there is something.
class UndoBar : public QFrame
{
    Q_OBJECT

public:
    /// `name` is the button's; `tip` says what comes back.
    UndoBar(const QString& name, const QString& tip, QWidget* parent = nullptr);

    /// Shows itself with a sentence.
    void offer(const QString& sentence);

Q_SIGNALS:
    void undoRequested();

private:
    QLabel* m_text;
};

} // namespace bs::ui
