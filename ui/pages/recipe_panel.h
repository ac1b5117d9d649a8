#pragma once

#include <QWidget>

class QAction;
class QBoxLayout;
class QLabel;
class QTableView;
class QToolButton;

namespace bs::ui {

class RecipeDesk;

/// Below the map: what can be done to the chosen matrix, the rules so far and what they come to.
class RecipePanel : public QWidget
{
    Q_OBJECT

public:
    struct Actions
    {
        QList<QAction*> edits; ///< of the chosen matrix
        QAction* wholeClass;
        QAction* use;
        QList<QAction*> more; ///< behind a button
    };

    RecipePanel(RecipeDesk* desk, const Actions& actions, QWidget* parent = nullptr);

    QTableView* table() { return m_table; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildTable();
    QToolButton* addButton(QBoxLayout* row, QAction* action, bool text);
    void refresh();

    RecipeDesk* m_desk;
    QTableView* m_table;
    QLabel* m_summary;
};

} // namespace bs::ui
