#pragma once

#include "ui/models/action_model.h"

#include <QDialog>
#include <QSortFilterProxyModel>

class QLineEdit;
class QListView;

namespace bs::ui {

/// Finds a command by parts of its name and runs it: type, arrow keys, Enter.
class CommandPalette : public QDialog
{
    Q_OBJECT

public:
    /// Offers the commands of `window`, which it lies over.
    explicit CommandPalette(QWidget* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void choose(int by);
    void run(const QModelIndex& index);

    ActionModel m_actions;
    QSortFilterProxyModel m_found;
    QLineEdit* m_text;
    QListView* m_list;
};

} // namespace bs::ui
