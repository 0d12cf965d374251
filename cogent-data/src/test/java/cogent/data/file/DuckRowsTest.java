package cogent.data.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class DuckRowsTest {
    @Test
    void a_missing_duckdb_is_asked_for_by_name() throws SQLException {
        Driver duck = DriverManager.getDriver("jdbc:duckdb:");
        DriverManager.deregisterDriver(duck);
        try {
            assertThatThrownBy(DuckRows::open)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("add org.duckdb:duckdb_jdbc");
        } finally {
            DriverManager.registerDriver(duck);
        }
    }
}
