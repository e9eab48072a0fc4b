"""What SQLite is told of the tables, so that it chooses the right index from the first.

Without statistics SQLite takes "all open tasks" for fewer than "the tasks of these 25
cases", and a page walks through all of them. Statistics of its own would come late and
change plans while the house runs; these were taken (ANALYZE) of 150,000 cases made by
`resolve demo --scale`, and stay. PostgreSQL keeps its own.
"""

from __future__ import annotations

from sqlalchemy import Connection

# Table, index, and as sqlite_stat1 says it: rows, then rows for each value of the first
# column, of the first two, and so on.
_TAKEN = """
api_key sqlite_autoindex_api_key_1 1 1
api_key sqlite_autoindex_api_key_2 1 1
api_key sqlite_autoindex_api_key_3 1 1
calendar sqlite_autoindex_calendar_1 2 1 1
case_flow_run sqlite_autoindex_case_flow_run_1 327283 3 1
clock ix_clock_awaited 133332 33333 1
clock ix_clock_case_id 643944 5
clock ix_clock_running 437872 72979 1
clock sqlite_autoindex_clock_1 643944 1
clock sqlite_autoindex_clock_2 643944 321972 1
complaint ix_complaint_case_id 150000 1
complaint ix_complaint_filed_by 150000 150000 1
complaint ix_complaint_received 150000 4 1
complaint ix_complaint_status 150000 50000 1
complaint ix_complaint_updated 150000 4 1
complaint sqlite_autoindex_complaint_1 150000 1
complaint sqlite_autoindex_complaint_2 150000 1
complaint sqlite_autoindex_complaint_3 150000 1
complaint sqlite_autoindex_complaint_4 150000 37500 1
complaint_case ix_complaint_case_joinable 124241 124241 124241 20707 1
complaint_case ix_complaint_case_opened 150000 4 1
complaint_case ix_complaint_case_ready 21212 1
complaint_case ix_complaint_case_state_opened 150000 30000 4 1
complaint_case ix_complaint_case_status 150000 30000 1
complaint_case sqlite_autoindex_complaint_case_1 150000 1
department sqlite_autoindex_department_1 24 1
feed_entry ix_feed_entry_case_id 671222 5
feed_entry sqlite_autoindex_feed_entry_1 671222 1
journal_entry sqlite_autoindex_journal_entry_1 671330 5 1
journal_head ix_journal_head_unfed 4 1
journal_head ix_journal_head_unsealed 4 1
journal_head sqlite_autoindex_journal_head_1 150004 1
map sqlite_autoindex_map_1 3 1
map_version sqlite_autoindex_map_version_1 3 1 1
membership ix_membership_department_id 25 1
membership sqlite_autoindex_membership_1 25 1 1 1
message ix_message_case_id 678793 5
message ix_message_unmailed 678793 1
message sqlite_autoindex_message_1 678793 1
message sqlite_autoindex_message_2 678793 84850 45 1
person ix_person_email 28 1
person sqlite_autoindex_person_1 28 1
person sqlite_autoindex_person_2 28 1
remark ix_remark_case_id 9100 2
remark sqlite_autoindex_remark_1 9100 1
request ix_request_case_id 18182 1
request ix_request_from 18182 9091 1
request ix_request_task_id 18182 1
request ix_request_to 18182 9091 9091 1
request sqlite_autoindex_request_1 18182 1
sealed_head ix_sealed_head_chain 150000 1 1
sealed_head sqlite_autoindex_sealed_head_1 150000 2000 1
sign_in ix_sign_in_expires_at 1 1
sign_in ix_sign_in_person_id 1 1
sign_in sqlite_autoindex_sign_in_1 1 1
sign_in sqlite_autoindex_sign_in_2 1 1
solution ix_solution_agreed 24242 1 1
solution ix_solution_case_id 24242 2
solution ix_solution_due 4546 758 1
solution sqlite_autoindex_solution_1 24242 1
solution sqlite_autoindex_solution_2 24242 1 1
task ix_task_all 493944 9320 1
task ix_task_department 493944 37996 22452 3272 1
task ix_task_due 493944 164648 7600 1
task sqlite_autoindex_task_1 493944 1
task sqlite_autoindex_task_2 493944 4 4 1
task_answer sqlite_autoindex_task_answer_1 157577 1
"""


def tell(connection: Connection) -> None:
    """Tell an SQLite database what its tables will be like; twice is once."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table for them
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    connection.exec_driver_sql(
        "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
        [tuple(line.split(" ", 2)) for line in _TAKEN.strip().splitlines()],
    )
