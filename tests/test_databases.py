"""The databases the other tests stand on: fresh, empty, and the same server for a whole run."""

from sqlalchemy import create_engine, text


def engine_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def test_a_database_is_fresh_and_empty(database_url: str) -> None:
    engine = create_engine(engine_url(database_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE 客户 (id INTEGER PRIMARY KEY)"))
        assert connection.execute(text("SELECT count(*) FROM 客户")).scalar() == 0
    engine.dispose()


def test_the_next_one_knows_nothing_of_the_last(database_url: str) -> None:
    test_a_database_is_fresh_and_empty(database_url)


def test_postgresql_leans_on_no_friendly_default(postgres_url: str) -> None:
    engine = create_engine(engine_url(postgres_url))
    with engine.begin() as connection:
        assert connection.execute(text("SHOW timezone")).scalar() == "Asia/Shanghai"
        assert connection.execute(text("SELECT 'a' < 'B'")).scalar() is True  # the C collation says no
    engine.dispose()
